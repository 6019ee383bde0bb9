/**
 * Keeps the garbage of a build small. By default V8 lets the heap grow to several times what is in use before it
 * collects; what a plan of fifty thousand files leaves behind then stands in memory beside the threads that pack them.
 * Collecting at a fifth above what is in use costs a few per cent of time and saves a fifth of the peak.
 */
import { setFlagsFromString } from 'node:v8';

/** For the whole process, which is why only the command does it, before its work begins. */
export function boundMemory(): void {
  setFlagsFromString('--heap-growing-percent=20');
}
