import type { Node } from "yaml";
import { complain, type Reader, readMap, readNumber, readTexts } from "../template/structure.ts";
import type { Guards } from "./model.ts";
import { forEachSetting, refuseKey } from "./settings.ts";

/** A run that would delete more than 30 % of a stack, and at least 3 resources, stops. */
export const defaultGuards: Guards = { maxDeletePercent: 30, minDeletes: 3, allowDataLossOf: [] };

export const guardKeys = ["max-delete-percent", "min-deletes", "allow-data-loss-of"];

/** `guards` of reconcile.yaml. What cannot be read keeps its default, which is never the laxer one. */
export function readGuards(reader: Reader, node: Node): Guards {
  const guards = { ...defaultGuards };
  forEachSetting(
    reader,
    readMap(reader, node, '"guards"'),
    {
      "max-delete-percent": ({ key, value }) => {
        guards.maxDeletePercent = readWhole(reader, value, key, 0, 100) ?? guards.maxDeletePercent;
      },
      "min-deletes": ({ key, value }) => {
        guards.minDeletes = readWhole(reader, value, key, 1, 10_000) ?? guards.minDeletes;
      },
      "allow-data-loss-of": ({ value }) => {
        guards.allowDataLossOf = readTexts(reader, value, '"allow-data-loss-of"').map(({ text, node: at }) => ({
          type: text,
          place: reader.file.placeOf(at),
        }));
      },
    },
    (entry) => refuseKey(reader, entry, "project.unknown-key", '"guards"', guardKeys, []),
  );
  return guards;
}

function readWhole(reader: Reader, node: Node, key: string, least: number, most: number): number | undefined {
  const value = readNumber(reader, node, `"${key}"`);
  if (value === undefined || (Number.isInteger(value) && value >= least && value <= most)) return value;
  complain(reader, node, {
    code: "project.guard",
    message: `"${key}" is a whole number from ${least} to ${most}.`,
    remedy: "Write such a number; or remove the line, and the default holds.",
  });
  return undefined;
}
