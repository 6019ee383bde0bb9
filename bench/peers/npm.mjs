/** npm: the packages of a lock into a node_modules folder, from its own cache, as an image build would do it. */
import { timed } from '../timed.mjs';

const platform = '--os=linux --cpu=x64 --libc=glibc';

/**
 * @param {(place: import('../bench.mjs').Place) => void} prepare puts package.json and package-lock.json into the run's folder
 * @returns {import('../bench.mjs').Contender}
 */
export function npmCi(prepare) {
  return {
    name: 'npm ci --omit=dev --ignore-scripts',
    needs: ['npm'],
    run: async (place) => {
      prepare(place);
      const script = `cd "$1"
npm ci --omit=dev --ignore-scripts --prefer-offline --no-audit --no-fund ${platform} >&2`;
      const { wall, cpu } = await timed({ script, operands: [place.folder] });
      return { wall, cpu };
    },
  };
}
