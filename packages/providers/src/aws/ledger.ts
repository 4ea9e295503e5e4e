import type { Parameter, ParameterHistory } from "@aws-sdk/client-ssm";
import type { Ledger, LedgerEntry } from "@reconcile/core";
import type { Aws } from "./context.ts";
import { hasCode, ifFound } from "./errors.ts";
import { pages } from "./pages.ts";

/** Where everything is kept that runs leave word of: nothing else may be written outside a planned change. */
export const ledgerRoot = "/reconcile/";

/** The operations that keeping the ledger needs, on the parameters of the stack (`/reconcile/<project>/<stack>` and everything below). */
export const ledgerOperations = {
  read: ["ssm:GetParameterHistory", "ssm:GetParametersByPath"],
  write: ["ssm:DeleteParameters", "ssm:PutParameter"],
} as const;

/** The ledger in Parameter Store, in the account and region of the stack. A parameter keeps its last hundred versions. */
export function parameterLedger(aws: Aws): Ledger {
  const put = (Name: string, Value: string, Overwrite: boolean): Promise<unknown> =>
    aws.bookkeeping(() => aws.ssm.putParameter({ Name, Value, Type: "String", Overwrite }));
  return {
    async list(path) {
      const entries: LedgerEntry[] = [];
      const list = pages(
        (NextToken) => aws.ssm.getParametersByPath({ Path: path, Recursive: true, MaxResults: 10, NextToken }),
        (page) => page.NextToken,
      );
      for await (const { Parameters = [] } of list) entries.push(...Parameters.map(entryOf));
      return entries;
    },
    async create(name, text) {
      try {
        await put(name, text, false);
        return true;
      } catch (error) {
        if (hasCode(error, "ParameterAlreadyExists")) return false;
        throw error;
      }
    },
    async overwrite(name, text) {
      await put(name, text, true);
    },
    async remove(names) {
      for (let from = 0; from < names.length; from += 10) {
        const Names = names.slice(from, from + 10);
        await aws.bookkeeping(() => aws.ssm.deleteParameters({ Names }));
      }
    },
    async history(name) {
      const entries: LedgerEntry[] = [];
      const read = async (NextToken: string | undefined) =>
        ifFound(aws.ssm.getParameterHistory({ Name: name, MaxResults: 50, NextToken }), "ParameterNotFound");
      for await (const page of pages(read, (each) => each?.NextToken))
        entries.push(...(page?.Parameters ?? []).map(entryOf));
      return entries.sort((a, b) => b.version - a.version);
    },
  };
}

function entryOf({ Name = "", Value = "", Version = 0, LastModifiedDate }: Parameter | ParameterHistory): LedgerEntry {
  return { name: Name, text: Value, version: Version, writtenAt: LastModifiedDate?.getTime() ?? 0 };
}
