import { parseArgs } from 'node:util';

export const SECTIONS = ['throughput', 'latency', 'emit', 'log-size', 'backlog', 'idle'] as const;
export type SectionName = (typeof SECTIONS)[number];

export const DATABASES = ['postgres', 'mysql', 'sqlite'] as const;
export type DatabaseName = (typeof DATABASES)[number];

export const SUBJECTS = ['a', 'b', 'c', 'd', 'e', 'f', 'g'] as const;
export type SubjectName = (typeof SUBJECTS)[number];

/**
 *     npm run bench -- [section …] [--rounds 5] [--seconds 3] [--databases postgres,mysql,sqlite] [--only c,d]
 *                      [--fan-outs 1,5] [--profile folder] [--output bench-results.json]
 *
 * `--seconds`: about how long one measurement takes. `--profile`: CPU profiles of the subjects' main processes.
 * The environment's `BENCH_TELEMETRY='{"metrics":"prometheus"}'` is the option `telemetry` of ours.
 */
export interface BenchOptions {
  readonly sections: readonly SectionName[];
  readonly rounds: number;
  readonly seconds: number;
  readonly databases: readonly DatabaseName[];
  readonly only: readonly SubjectName[];
  readonly fanOuts: readonly number[];
  readonly profile: string | undefined;
  readonly output: string;
}

/** @throws RangeError that names what can't be understood */
export function benchOptions(args: string[]): BenchOptions {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      rounds: { type: 'string', default: '5' },
      seconds: { type: 'string', default: '3' },
      databases: { type: 'string', default: DATABASES.join() },
      'fan-outs': { type: 'string', default: '1,5' },
      only: { type: 'string', default: SUBJECTS.join() },
      profile: { type: 'string' },
      output: { type: 'string', default: 'bench-results.json' },
    },
  });
  return {
    sections: positionals.length > 0 ? known('section', positionals, SECTIONS) : SECTIONS,
    rounds: above('--rounds', values.rounds, 1),
    seconds: above('--seconds', values.seconds, 0.1),
    databases: known('--databases', values.databases.split(','), DATABASES),
    only: known('--only', values.only.split(','), SUBJECTS),
    fanOuts: values['fan-outs']
      .split(',')
      .map((text) => above('--fan-outs', text, 1))
      .sort(),
    profile: values.profile,
    output: values.output,
  };
}

function known<Name extends string>(what: string, given: string[], names: readonly Name[]): Name[] {
  const unknown = given.find((name) => !names.includes(name as Name));
  if (unknown !== undefined) throw new RangeError(`${what}: '${unknown}' is none of ${names.join(', ')}.`);
  return given as Name[];
}

function above(flag: string, text: string, least: number): number {
  const number = Number(text);
  if (number >= least) return number;
  throw new RangeError(`${flag} must be a number from ${least}, got '${text}'.`);
}
