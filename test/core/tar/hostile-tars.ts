/**
 * Hostile and faulty tars, made by code, each with the verdict of a strict reader (design: safety.md, H01 to H45).
 * `read` in place of a code means that the tar is unusual but sound.
 */
import { hostileExtensions } from './hostile-extensions.ts';
import { hostileHeaders } from './hostile-headers.ts';
import { hostileNames } from './hostile-names.ts';
import type { HostileTar } from './hostile-tar.ts';

export const hostileTars: readonly HostileTar[] = [...hostileNames, ...hostileHeaders, ...hostileExtensions];
