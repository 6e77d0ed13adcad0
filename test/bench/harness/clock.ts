/** Milliseconds of the machine's monotonic clock, which is the same for all of its processes. */
export const clockMs = (): number => Number(process.hrtime.bigint()) / 1e6;
