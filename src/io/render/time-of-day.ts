/** The reader's own time of day. The only place that asks for a time zone; nothing but a terminal or a log gets it. */

/** `20:31:07`, of milliseconds since 1970. */
export function timeOfDay(time: number): string {
  const date = new Date(time);
  return [date.getHours(), date.getMinutes(), date.getSeconds()]
    .map((part) => String(part).padStart(2, '0'))
    .join(':');
}
