import type { IntrinsicFunction } from "../scope.ts";
import { and, condition, equals, fnIf, not, or } from "./condition.ts";
import { length, toJsonString } from "./extensions.ts";
import { getStackOutput, importValue } from "./import.ts";
import { findInMap } from "./mapping.ts";
import { cidr, getAZs } from "./network.ts";
import { getAtt, ref } from "./reference.ts";
import { contains, eachMemberEquals, eachMemberIn, refAll, valueOfAll, valueOfParameter } from "./rules.ts";
import { sub } from "./sub.ts";
import { base64, join, select, split } from "./text.ts";

/** Every function that is built, by the name of its long form. A new one is one object and one entry here. */
export const functions: ReadonlyMap<string, IntrinsicFunction> = new Map(
  [
    ref,
    getAtt,
    sub,
    join,
    split,
    select,
    base64,
    findInMap,
    fnIf,
    equals,
    and,
    or,
    not,
    condition,
    cidr,
    getAZs,
    length,
    toJsonString,
    contains,
    eachMemberEquals,
    eachMemberIn,
    refAll,
    valueOfParameter,
    valueOfAll,
    importValue,
    getStackOutput,
  ].map((each) => [each.name, each]),
);

/** The names of short forms without their exclamation mark, with the one that is refused by name. */
export const shortForms: readonly string[] = [
  ...[...functions.keys()].map((name) => name.replace("Fn::", "")),
  "Transform",
];
