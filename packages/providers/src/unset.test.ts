import { proves, tried, unsetOutcomes } from "@reconcile/core/testing";
import { describe, expect, it } from "vitest";
import { types } from "./index.ts";

/** Where a value made from the schema alone would mean nothing. */
const samples: Record<string, Record<string, unknown>> = {
  "AWS::EC2::EIP": { Domain: "standard" },
  "AWS::EC2::Instance": { UserData: Buffer.from("#!/bin/sh").toString("base64") },
  "AWS::EC2::SecurityGroupEgress": { IpProtocol: "tcp" },
  "AWS::EC2::SecurityGroupIngress": { IpProtocol: "tcp" },
  "AWS::SSM::Parameter": { Tier: "Advanced" },
};

describe("a line that is removed", () => {
  it.for(types.map((type) => [type.type, type] as const))(
    "restores, replaces or is refused, whichever property of %s it was",
    proves(14, "memory"),
    ([name, type], context) => {
      const outcomes = [...unsetOutcomes(type, samples[name])];
      const silent = outcomes.filter(([, outcome]) => outcome === "nothing").map(([property]) => property);

      // What has a name keeps it: by that it is found. What AWS never shows counts when the resource is made.
      const excused = Object.entries(type.shape.properties).filter(
        ([, { annotation }]) => annotation.generatedName || annotation.writeOnly,
      );
      expect(silent.filter((property) => !excused.some(([each]) => each === property))).toEqual([]);
      tried(context, { cases: outcomes.length - silent.length, types: [name] });
    },
  );
});
