/** An environment variable holds something that can't work. The app does not start. */
export class EnvironmentError extends Error {
  constructor(variable: string, problem: string) {
    super(`${variable} ${problem}`);
    this.name = new.target.name;
  }
}
