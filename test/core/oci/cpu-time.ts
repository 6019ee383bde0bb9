/** Milliseconds of processor time that `work` takes, which other work on the machine changes less than the clock's. */
export function cpuTimeOf(work: () => void): number {
  const start = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000;
}
