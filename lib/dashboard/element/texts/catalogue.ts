import type { english } from './english.js';

/** The parameter `count` chooses a form by its category in `Intl.PluralRules`. */
export type PluralText = { readonly other: string } & Readonly<Partial<Record<Intl.LDMLPluralRule, string>>>;

/** `{name}` stands for a parameter. Text between backticks is code. */
export type Text = string | PluralText;
export type TextKey = keyof typeof english;

/** All texts of the customers' dashboard in one language. Missing ones appear in English. */
export type Texts = Readonly<Record<Exclude<TextKey, `ops.${string}`>, Text>>;
export type OperatorTexts = Readonly<Record<Extract<TextKey, `ops.${string}`>, Text>>;
export type Messages = Readonly<Partial<Texts & OperatorTexts>>;

type NamesIn<Pattern> = Pattern extends `${string}{${infer Name}}${infer Rest}`
  ? Name | NamesIn<Rest>
  : never;
type NamesOf<Key extends TextKey> = (typeof english)[Key] extends { readonly other: infer Other }
  ? NamesIn<Other> | 'count'
  : NamesIn<(typeof english)[Key]>;

/** The parameters that a text needs. */
export type Parameters<Key extends TextKey, Value> = [NamesOf<Key>] extends [never]
  ? []
  : [
      parameters: {
        readonly [Name in NamesOf<Key>]: (typeof english)[Key] extends string
          ? Value
          : Name extends 'count'
            ? number
            : Value;
      },
    ];
