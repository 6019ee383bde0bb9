/** The components of a path, taken as text, without `.` and `..`; `..` leads no higher than where it began. */
export function cleanParts(path: string): string[] {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return parts;
}
