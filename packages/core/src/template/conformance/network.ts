import { about, queue, zones } from "./expressions.ts";
import type { Row } from "./outcome.ts";

/** Blocks of addresses, and availability zones. */
export const network: readonly Row[] = [
  ...about("Fn::Cidr", [
    {
      rule: "six blocks of 32 addresses",
      write: '!Cidr ["192.168.0.0/24", 6, 5]',
      gives: [
        "192.168.0.0/27",
        "192.168.0.32/27",
        "192.168.0.64/27",
        "192.168.0.96/27",
        "192.168.0.128/27",
        "192.168.0.160/27",
      ],
    },
    {
      rule: "numbers as texts, the long form",
      write: '{ Fn::Cidr: ["10.1.0.0/16", "2", "8"] }',
      gives: ["10.1.0.0/24", "10.1.1.0/24"],
    },
    { rule: "the block starts where its mask says", write: "!Cidr [10.1.2.3/16, 1, 8]", gives: ["10.1.0.0/24"] },
    { rule: "over the third part", write: "!Select [255, !Cidr [10.0.0.0/8, 256, 8]]", gives: "10.0.255.0/24" },
    { rule: "all of a block", write: "!Cidr [10.0.0.0/30, 2, 1]", gives: ["10.0.0.0/31", "10.0.0.2/31"] },
    {
      rule: "IPv6",
      write: "!Cidr ['2001:db8:1234:5600::/56', 2, 64]",
      gives: ["2001:db8:1234:5600::/64", "2001:db8:1234:5601::/64"],
    },
    {
      rule: "IPv6 of a live value",
      write: "!Select [0, !Cidr [!Select [0, !GetAtt Queue.Blocks], 1, 64]]",
      gives: "2001:db8::/64",
      world: queue,
    },
    {
      rule: "of what is not known",
      write: "!Select [0, !Cidr [!GetAtt Queue.CidrBlock, 1, 8]]",
      gives: { unknown: ["Queue.CidrBlock"] },
    },
    {
      rule: "a block of blocks",
      write: "!Cidr [!Select [1, !Cidr [10.0.0.0/16, 2, 12]], 2, 8]",
      gives: ["10.0.16.0/24", "10.0.17.0/24"],
    },
    { rule: "IPv6 by default", write: "!Cidr ['2001:db8::/56', 1]", gives: ["2001:db8::/64"] },
    { rule: "more than an IPv6 address has", write: "!Cidr ['2001:db8::/56', 1, 129]", says: ["cidr.range"] },
    { rule: "256 addresses by default", write: "!Cidr [10.0.0.0/16, 1]", gives: ["10.0.0.0/24"] },
    {
      rule: "parameters",
      write: "!Cidr [10.0.0.0/16, !Ref Count, 8]",
      gives: ["10.0.0.0/24", "10.0.1.0/24", "10.0.2.0/24"],
    },
    { rule: "at most 256", write: "!Cidr [10.0.0.0/8, 257, 8]", says: ["cidr.range"] },
    { rule: "at least one", write: "!Cidr [10.0.0.0/8, 0, 8]", says: ["cidr.range"] },
    { rule: "more than there is room for", write: "!Cidr [10.0.0.0/24, 3, 7]", says: ["cidr.range"] },
    { rule: "larger than the block", write: "!Cidr [10.0.0.0/24, 1, 16]", says: ["cidr.range"] },
    { rule: "no block", write: "!Cidr [ten, 1, 8]", says: ["cidr.range"] },
    { rule: "no length", write: "!Cidr [10.0.0.0, 1, 8]", says: ["cidr.range"] },
    { rule: "more bits than an address has", write: "!Cidr [10.0.0.0/8, 1, 33]", says: ["cidr.range"] },
    { rule: "takes a block and two numbers", write: "!Cidr [10.0.0.0/8]", says: ["function.form"] },
    { rule: "takes no text", write: "!Cidr 10.0.0.0/8", says: ["function.form"] },
    { rule: "a list is no block", write: "!Cidr [[10.0.0.0/8], 1, 8]", says: ["function.form"] },
  ]),
  ...about("Fn::GetAZs", [
    {
      rule: "of the stack's region",
      write: '!GetAZs ""',
      gives: ["us-east-1a", "us-east-1b", "us-east-1d"],
      world: zones,
    },
    {
      rule: "nothing is the stack's region",
      write: "!GetAZs",
      gives: ["us-east-1a", "us-east-1b", "us-east-1d"],
      world: zones,
    },
    {
      rule: "of AWS::Region",
      write: "{ Fn::GetAZs: { Ref: AWS::Region } }",
      gives: ["us-east-1a", "us-east-1b", "us-east-1d"],
      world: zones,
    },
    { rule: "of a region by name", write: "!GetAZs us-west-2", gives: { unknown: ["zones:us-west-2"] } },
    {
      rule: "a secret that is no region is not quoted",
      write: "!GetAZs { Ref: Secret }",
      says: ["zones.region"],
    },
    { rule: "not asked for where they are not taken", write: "!If [IsLive, !GetAZs us-west-2, [a]]", gives: ["a"] },
    {
      rule: "not known until they are asked for",
      write: '!Select [1, !GetAZs ""]',
      gives: { unknown: ["zones:us-east-1"] },
    },
    { rule: "of a region that is not known", write: "!GetAZs { Ref: Queue }", gives: { unknown: ["Queue"] } },
    { rule: "a zone is no region", write: "!GetAZs us-east-1a", says: ["zones.region"] },
    { rule: "a list is no region", write: "!GetAZs [us-east-1]", says: ["function.form"] },
  ]),
];
