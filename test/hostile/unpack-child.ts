/** The corpus as a process of its own, so that it can run as another user: the folder is its only argument. */
import { runCorpus } from './unpack-runner.ts';

process.stdout.write(JSON.stringify(await runCorpus(process.argv[2] ?? '')));
