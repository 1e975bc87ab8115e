import { Account, connect } from '../../scripts/integ/account';

/** The responses of an account, by command; a function may inspect the input, or throw. */
export interface Answers {
  readonly [command: string]: object | ((input: { readonly [name: string]: unknown }) => object);
}

export interface AnsweringAccount {
  readonly account: Account;
  /** The recorded commands, as [command, input], without reads (List…, Describe…). */
  readonly asked: [string, object][];
}

/** An account whose clients respond from a table instead of the network, and with nothing to other commands. */
export function accountThat(answers: Answers): AnsweringAccount {
  const account = connect();
  const asked: [string, object][] = [];
  for (const client of Object.values(account)) {
    // Each client has a type of its own for what it sends.
    const sender = client as unknown as { send(command: { input: { [name: string]: unknown } }): Promise<object> };
    jest.spyOn(sender, 'send').mockImplementation(async (command) => {
      const name = command.constructor.name.replace(/Command$/, '');
      if (!/^(List|Describe)/.test(name)) {
        asked.push([name, command.input]);
      }
      const answer = answers[name] ?? {};
      return typeof answer === 'function' ? answer(command.input) : answer;
    });
  }
  return { account, asked };
}
