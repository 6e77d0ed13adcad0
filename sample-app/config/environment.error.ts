/** An environment variable is invalid. The app does not start. */
export class EnvironmentError extends Error {
  constructor(variable: string, problem: string) {
    super(`${variable} ${problem}`);
    this.name = new.target.name;
  }
}
