/** SHA-1, for names that others make with it. It protects nothing, and no digest of ours is made with it. */
export { sha1 } from '@noble/hashes/legacy.js';
