import { expect, test } from "vitest";
import { fakeAws, type Reply } from "./testing.ts";

const place = { file: "a.yaml", line: 3, column: 5 };

function region(zones: readonly string[], defaults: readonly string[]): (operation: string) => Reply {
  const items = (names: readonly string[], element: string) =>
    names.map((name) => `<item><${element}>${name}</${element}></item>`).join("");
  return (operation) =>
    operation === "ec2:DescribeSubnets"
      ? { body: `<R><subnetSet>${items(defaults, "availabilityZone")}</subnetSet></R>` }
      : { body: `<R><availabilityZoneInfo>${items(zones, "zoneName")}</availabilityZoneInfo></R>` };
}

const zonesIn = (name: string) => ({ kind: "zones", name, place }) as const;

test("the zones with a default subnet, in the order of the alphabet", async () => {
  const { aws } = await fakeAws(region(["eu-west-1c", "eu-west-1a", "eu-west-1b"], ["eu-west-1c", "eu-west-1a"]));
  expect(await aws.input(zonesIn("eu-west-1"))).toEqual({ value: ["eu-west-1a", "eu-west-1c"] });
});

test("all zones where no one has a default subnet", async () => {
  const { aws } = await fakeAws(region(["eu-west-1b", "eu-west-1a"], []));
  expect(await aws.input(zonesIn("eu-west-1"))).toEqual({ value: ["eu-west-1a", "eu-west-1b"] });
});

test("another region is asked itself, each once", async () => {
  const { aws, requests } = await fakeAws((operation, at) => region([`${at}a`], [])(operation));
  const asked = ["us-east-2", "eu-west-1", "us-east-2"].map((name) => aws.input(zonesIn(name)));
  expect((await Promise.all(asked)).map(({ value }) => value)).toEqual([
    ["us-east-2a"],
    ["eu-west-1a"],
    ["us-east-2a"],
  ]);
  expect(requests).toHaveLength(4);
});
