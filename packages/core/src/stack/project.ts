import type { Node } from "yaml";
import type { Diagnostic, Place } from "../diagnostic.ts";
import type { SourceFile } from "../template/model.ts";
import { didYouMean } from "../template/nearest.ts";
import { complain, type Reader, readMap, readNumber, readText } from "../template/structure.ts";
import { parseYaml } from "../template/yaml.ts";
import { defaultGuards, readGuards } from "./guards.ts";
import type { Project } from "./model.ts";
import { forEachSetting, readAccount, readRegion, readStackName, readTags, refuseKey } from "./settings.ts";

/** The settings of a project stand in a file of this name, beside its stack files. */
export const projectFile = "reconcile.yaml";

/** AWS's own quotas, as they are unless raised. */
const defaultQuotas: Project["quotas"] = { rulesPerSecurityGroup: 60 };

/** What holds without a reconcile.yaml. */
export const defaultProject: Project = {
  name: "default",
  defaults: { tags: {} },
  guards: defaultGuards,
  quotas: defaultQuotas,
  checks: new Map(),
};

export const keys = ["project", "defaults", "guards", "quotas", "checks"];
export const defaultsKeys = ["region", "account", "tags"];
export const quotaKeys = ["rules-per-security-group"];
export const checkSeverities = ["off", "note", "warning", "error"] as const;
const notYet = ["environments", "stacks"];

/** Reads reconcile.yaml. What cannot be read keeps its default, with the reason among the diagnostics. */
export function parseProject(source: SourceFile): { project: Project; diagnostics: Diagnostic[] } {
  const { value: file, diagnostics } = parseYaml(source);
  const project = { ...defaultProject, defaults: { ...defaultProject.defaults }, quotas: { ...defaultQuotas } };
  if (!file?.root) return { project, diagnostics };
  const reader: Reader = { kind: "project", file, diagnostics };
  forEachSetting(
    reader,
    readMap(reader, file.root, projectFile),
    {
      project: (entry) => {
        project.name = readStackName(reader, entry)?.text ?? project.name;
      },
      defaults: (entry) => {
        project.defaults = readDefaults(reader, entry.value);
      },
      guards: (entry) => {
        project.guards = readGuards(reader, entry.value);
      },
      quotas: (entry) => {
        project.quotas = readQuotas(reader, entry.value);
      },
      checks: (entry) => {
        project.checks = readCheckSeverities(reader, entry.value);
      },
    },
    (entry) => refuseKey(reader, entry, "project.unknown-key", projectFile, keys, notYet),
  );
  return { project, diagnostics };
}

function readDefaults(reader: Reader, node: Parameters<typeof readMap>[1]): Project["defaults"] {
  const defaults: Project["defaults"] = { tags: {} };
  forEachSetting(
    reader,
    readMap(reader, node, '"defaults"'),
    {
      region: (entry) => {
        const region = readRegion(reader, entry);
        if (region) defaults.region = region.text;
      },
      account: (entry) => {
        const account = readAccount(reader, entry);
        if (account) defaults.account = account.text;
      },
      tags: (entry) => {
        defaults.tags = readTags(reader, entry.value);
      },
    },
    (entry) => refuseKey(reader, entry, "project.unknown-key", '"defaults"', defaultsKeys, ["role-arn"]),
  );
  return defaults;
}

function readQuotas(reader: Reader, node: Parameters<typeof readMap>[1]): Project["quotas"] {
  const quotas = { ...defaultQuotas };
  forEachSetting(
    reader,
    readMap(reader, node, '"quotas"'),
    {
      "rules-per-security-group": (entry) => {
        const rules = readNumber(reader, entry.value, '"rules-per-security-group"');
        if (rules === undefined) return;
        if (Number.isInteger(rules) && rules >= 1 && rules <= 1000) quotas.rulesPerSecurityGroup = rules;
        else
          complain(reader, entry.value, {
            code: "project.quota",
            message: "This quota is a whole number from 1 to 1000.",
            remedy: "Write the quota of the account; AWS's default is 60.",
          });
      },
    },
    (entry) => refuseKey(reader, entry, "project.unknown-key", '"quotas"', quotaKeys, []),
  );
  return quotas;
}

function readCheckSeverities(reader: Reader, node: Node): Project["checks"] {
  const checks = new Map<string, { severity: (typeof checkSeverities)[number]; place: Place }>();
  for (const { key, keyNode, value } of readMap(reader, node, '"checks"', "a map of checks and severities")) {
    const text = value ? readText(reader, value, `"${key}"`) : undefined;
    const severity = checkSeverities.find((each) => each === text);
    if (severity !== undefined) checks.set(key, { severity, place: reader.file.placeOf(keyNode) });
    else if (text !== undefined || !value) {
      complain(reader, value ?? keyNode, {
        code: "project.check-severity",
        message: `"${key}" needs the severity that this check is to have.`,
        remedy: didYouMean(text ?? "", checkSeverities, `Write one of ${checkSeverities.join(", ")}.`),
      });
    }
  }
  return checks;
}
