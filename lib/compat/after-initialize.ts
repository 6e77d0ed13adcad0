import type { DataSource } from 'typeorm';

type Work = () => void;

const works = new WeakMap<DataSource, Map<string, Work>>();

/** Runs `work` whenever the data source has been opened from now on. Replaces earlier work with the same name. */
export function afterInitialize(dataSource: DataSource, name: string, work: Work): void {
  const ofSource = works.get(dataSource) ?? watched(dataSource);
  ofSource.set(name, work);
}

function watched(dataSource: DataSource): Map<string, Work> {
  const ofSource = new Map<string, Work>();
  works.set(dataSource, ofSource);
  const initialize = dataSource.initialize.bind(dataSource);
  dataSource.initialize = async () => {
    await initialize();
    for (const work of ofSource.values()) work();
    return dataSource;
  };
  return ofSource;
}
