/** How hard the parsers try: what a level stands for, see ../level-settings.ts. */

let depth: u32 = 0;
let nextDepth: u32 = 0;
let nice: u32 = 0;

export function setEffort(search: u32, nextSearch: u32, niceLength: u32): void {
  depth = search;
  nextDepth = nextSearch;
  nice = niceLength;
}

/** Candidates of a search. 0 has the fast parser do the work. */
// @ts-ignore: decorator
@inline
export function searchDepth(): u32 {
  return depth;
}

/** Candidates of the search at the byte behind a match. 0 takes each match as it is found. */
// @ts-ignore: decorator
@inline
export function nextSearchDepth(): u32 {
  return nextDepth;
}

/** A match of this length is taken and ends its search. */
// @ts-ignore: decorator
@inline
export function niceLength(): u32 {
  return nice;
}
