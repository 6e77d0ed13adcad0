import type { en } from './en.js';

/** By the categories of `Intl.PluralRules`, chosen by the parameter `count`. */
export type PluralText = { readonly other: string } & Readonly<Partial<Record<Intl.LDMLPluralRule, string>>>;

/** `{name}` stands for a parameter, and what is between backticks is code. */
export type Text = string | PluralText;
export type TextKey = keyof typeof en;

/** All texts of a language. What is missing is read in English. */
export type Texts = Readonly<Record<TextKey, Text>>;
export type Messages = Readonly<Partial<Texts>>;

type NamesIn<Pattern> = Pattern extends `${string}{${infer Name}}${infer Rest}`
  ? Name | NamesIn<Rest>
  : never;
type NamesOf<Key extends TextKey> = (typeof en)[Key] extends { readonly other: infer Other }
  ? NamesIn<Other> | 'count'
  : NamesIn<(typeof en)[Key]>;

/** What a text has to be given; nothing where it has no parameters. */
export type Parameters<Key extends TextKey, Value> = [NamesOf<Key>] extends [never]
  ? []
  : [
      parameters: {
        readonly [Name in NamesOf<Key>]: (typeof en)[Key] extends string
          ? Value
          : Name extends 'count'
            ? number
            : Value;
      },
    ];
