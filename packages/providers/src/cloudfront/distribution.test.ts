import { createRegistry, validateStacks } from "@reconcile/core";
import { proves, stackOf } from "@reconcile/core/testing";
import { describe, expect, it, vi } from "vitest";
import { fakeAws } from "../aws/testing.ts";
import { types } from "../index.ts";
import { differences } from "../testing/normal-form.ts";
import { describeOnSandbox, sandboxWorld } from "../testing/sandbox-world.ts";
import { changesIn, openStory, type Story } from "../testing/story.ts";
import { useSandbox } from "../testing/use-sandbox.ts";
import { Distribution } from "./distribution.ts";

const cachingDisabled = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad";
const app = {
  Id: "app",
  DomainName: "ec2-198-51-100-20.compute-1.amazonaws.com",
  CustomOriginConfig: { HTTPPort: 8000, OriginProtocolPolicy: "http-only", OriginSSLProtocols: ["TLSv1.2"] },
};
const pages = { Id: "pages", DomainName: "pages.s3.us-east-1.amazonaws.com", S3OriginConfig: {} };
const behavior = { TargetOriginId: "app", ViewerProtocolPolicy: "redirect-to-https", CachePolicyId: cachingDisabled };
const forwarding = (rest: object = {}) => ({
  TargetOriginId: "app",
  ViewerProtocolPolicy: "redirect-to-https",
  ForwardedValues: { QueryString: true, Headers: ["Authorization", "CloudFront-Forwarded-Proto"] },
  ...rest,
});
const config = (rest: object = {}) => ({ Enabled: true, Origins: [app], DefaultCacheBehavior: behavior, ...rest });

describeOnSandbox(Distribution, {
  example: { DistributionConfig: config() },
  mutations: [
    {
      property: "DistributionConfig",
      from: config({ Comment: "one", Aliases: ["b.example.com", "a.example.com"], Origins: [app, pages] }),
      to: config({
        Comment: "two",
        Aliases: ["a.example.com"],
        HttpVersion: "http2and3",
        IPV6Enabled: true,
        PriceClass: "PriceClass_100",
        DefaultCacheBehavior: forwarding({ Compress: true, AllowedMethods: ["GET", "HEAD", "OPTIONS"] }),
        CacheBehaviors: [{ ...behavior, PathPattern: "/health" }],
        CustomErrorResponses: [{ ErrorCode: 404, ResponseCode: 200, ResponsePagePath: "/index.html" }],
        Logging: { Bucket: "logs.s3.amazonaws.com" },
        Restrictions: { GeoRestriction: { RestrictionType: "whitelist", Locations: ["PT", "DE"] } },
      }),
      unset: "required",
    },
    { property: "Tags", from: [{ Key: "Name", Value: "one" }], to: [{ Key: "Name", Value: "two" }] },
  ],
  replacements: {},
  budget: 7,
});

describe("a distribution", () => {
  vi.setConfig({ testTimeout: 60_000 });
  const world = sandboxWorld(useSandbox());

  const site = (rest: object = {}, attributes: object = {}) =>
    stackOf({
      Site: { Type: "AWS::CloudFront::Distribution", Properties: { DistributionConfig: config(rest) }, ...attributes },
    });
  const gone = stackOf({ Stays: { Type: "AWS::EC2::SecurityGroup", Properties: { GroupDescription: "stays" } } });
  const living = async (story: Story) => {
    const { cloudfront } = await story.look();
    const { DistributionList } = await cloudfront.listDistributions({});
    const Id = DistributionList?.Items?.[0]?.Id;
    return { Id, ...(Id === undefined ? {} : await cloudfront.getDistributionConfig({ Id })) };
  };
  const behindOurBack = (story: Story, rest: object) =>
    story.behindOurBack(["cloudfront:UpdateDistribution"], async (aws) => {
      const { Id, ETag: IfMatch, DistributionConfig } = await living(story);
      await aws.cloudfront.updateDistribution({
        Id,
        IfMatch,
        DistributionConfig: { ...DistributionConfig, ...rest } as never,
      });
    });

  const steps: [string, object, object, string[]][] = [
    [
      "an origin's domain name",
      { Origins: [app] },
      { Origins: [{ ...app, DomainName: "new.example.com" }] },
      ["/Origins/app/DomainName"],
    ],
    ["another origin", { Origins: [app] }, { Origins: [app, pages] }, ["/Origins/pages"]],
    ["one origin less", { Origins: [app, pages] }, { Origins: [app] }, ["/Origins/-"]],
    [
      "the kind of an origin",
      { Origins: [app] },
      { Origins: [{ ...pages, Id: "app" }] },
      ["/Origins/app/CustomOriginConfig", "/Origins/app/DomainName", "/Origins/app/S3OriginConfig"],
    ],
    [
      "a header for the origin",
      { Origins: [app] },
      { Origins: [{ ...app, OriginCustomHeaders: [{ HeaderName: "X-Key", HeaderValue: "k" }] }] },
      ["/Origins/app/OriginCustomHeaders"],
    ],
    [
      "a cache policy for forwarded values",
      { DefaultCacheBehavior: forwarding({ DefaultTTL: 60 }) },
      { DefaultCacheBehavior: behavior },
      ["/DefaultCacheBehavior/CachePolicyId", "/DefaultCacheBehavior/ForwardedValues"],
    ],
    [
      "a time that is declared no more",
      { DefaultCacheBehavior: forwarding({ DefaultTTL: 60 }) },
      { DefaultCacheBehavior: forwarding() },
      ["/DefaultCacheBehavior/DefaultTTL"],
    ],
    [
      "the order of behaviours",
      {
        CacheBehaviors: [
          { ...behavior, PathPattern: "/a" },
          { ...behavior, PathPattern: "/b" },
        ],
      },
      {
        CacheBehaviors: [
          { ...behavior, PathPattern: "/b" },
          { ...behavior, PathPattern: "/a" },
        ],
      },
      ["/CacheBehaviors/0/PathPattern", "/CacheBehaviors/1/PathPattern"],
    ],
    [
      "a behaviour less",
      {
        CacheBehaviors: [
          { ...behavior, PathPattern: "/a" },
          { ...behavior, PathPattern: "/b" },
        ],
      },
      { CacheBehaviors: [{ ...behavior, PathPattern: "/a" }] },
      ["/CacheBehaviors/-"],
    ],
    ["the logs", { Logging: { Bucket: "logs.s3.amazonaws.com", Prefix: "a/" } }, {}, ["/Logging"]],
    [
      "a group of origins",
      { Origins: [app, pages] },
      {
        Origins: [app, pages],
        OriginGroups: {
          Quantity: 1,
          Items: [
            {
              Id: "both",
              FailoverCriteria: { StatusCodes: { Quantity: 2, Items: [502, 500] } },
              Members: { Quantity: 2, Items: [{ OriginId: "app" }, { OriginId: "pages" }] },
            },
          ],
        },
      },
      ["/OriginGroups"],
    ],
    [
      "its certificate",
      { Aliases: ["a.example.com"] },
      {
        Aliases: ["a.example.com"],
        ViewerCertificate: {
          AcmCertificateArn: "arn:aws:acm:us-east-1:123456789012:certificate/1",
          SslSupportMethod: "sni-only",
          MinimumProtocolVersion: "TLSv1.2_2021",
        },
      },
      ["AcmCertificateArn", "CloudFrontDefaultCertificate", "MinimumProtocolVersion", "SslSupportMethod"].map(
        (name) => `/ViewerCertificate/${name}`,
      ),
    ],
    [
      "CloudFront's own certificate again",
      {
        ViewerCertificate: {
          AcmCertificateArn: "arn:aws:acm:us-east-1:123456789012:certificate/1",
          SslSupportMethod: "sni-only",
        },
      },
      {},
      ["/ViewerCertificate/AcmCertificateArn", "/ViewerCertificate/CloudFrontDefaultCertificate"],
    ],
  ];
  it.each(steps)("changes %s, and nothing else", proves(3, "sandbox"), async (_, from, to, paths) => {
    const story = await openStory(world);
    await story.apply([site(from)]);
    const { plan, run } = await story.apply([site(to)]);
    expect(run.diagnostics).toEqual([]);
    expect(plan.stacks[0]?.changes[0]?.properties.map(({ path }) => path.replace("/DistributionConfig", ""))).toEqual(
      paths,
    );
    expect(changesIn(await story.plan([site(to)]))).toEqual([]);
  });

  it("keeps what is ignored and what no schema knows, whatever else changes", proves(3, "sandbox"), async () => {
    const story = await openStory(world);
    const ignore = ["/DistributionConfig/Origins/app/DomainName"];
    const declared = (Comment: string) => site({ Comment }, { Metadata: { Reconcile: { ignore } } });
    await story.apply([declared("one")]);
    const { DistributionConfig } = await living(story);
    const [origin] = DistributionConfig?.Origins?.Items ?? [];
    await behindOurBack(story, { Origins: { Quantity: 1, Items: [{ ...origin, DomainName: "moved.example.com" }] } });
    const { plan } = await story.apply([declared("two")]);
    expect(changesIn(plan)).toEqual(["update Site /DistributionConfig/Comment"]);
    expect((await living(story)).DistributionConfig).toMatchObject({
      CallerReference: DistributionConfig?.CallerReference,
      Comment: "two",
      Origins: { Items: [{ DomainName: "moved.example.com" }] },
    });
  });

  it("is disabled and deployed before it is deleted", async () => {
    const story = await openStory(world);
    await story.apply([site()]);
    const { run, writes } = await story.apply([gone]);
    expect(run.diagnostics).toEqual([]);
    expect(writes.filter((write) => write.startsWith("cloudfront:"))).toEqual([
      "cloudfront:UpdateDistribution",
      "cloudfront:DeleteDistribution",
    ]);
    expect((await living(story)).Id).toBeUndefined();
  });

  it("is enabled again when its deletion was killed and it is declared once more", proves(2, "sandbox"), async () => {
    const story = await openStory(world);
    await story.apply([site()]);
    const { Id } = await living(story);
    expect(await story.killed([gone], { at: 2, answer: "lost" })).toBe(true);
    await story.apply([site()]);
    expect(await living(story)).toMatchObject({ Id, DistributionConfig: { Enabled: true } });
  });
});

describe("AWS::CloudFront::Distribution in normal form", () => {
  const shield = (OriginShield: object) => ({ Origins: [{ ...app, OriginShield }] });
  const of = (DefaultCacheBehavior: object) => ({ DefaultCacheBehavior: { ...behavior, ...DefaultCacheBehavior } });
  const own = { CloudFrontDefaultCertificate: true };

  it.each<[string, object, object, string[]]>([
    ["aliases in another order", { Aliases: ["b", "a"] }, { Aliases: ["a", "b"] }, []],
    ["an alias less", { Aliases: ["a"] }, { Aliases: ["a", "b"] }, ["/Aliases/-"]],
    ["origins in another order", { Origins: [pages, app] }, { Origins: [app, pages] }, []],
    [
      "methods in another order",
      of({ AllowedMethods: ["GET", "HEAD", "OPTIONS"] }),
      of({ AllowedMethods: ["HEAD", "OPTIONS", "GET"] }),
      [],
    ],
    [
      "methods that are the default",
      of({}),
      of({ AllowedMethods: ["HEAD", "GET"], CachedMethods: ["HEAD", "GET"] }),
      [],
    ],
    [
      "a method more",
      of({}),
      of({ AllowedMethods: ["GET", "HEAD", "OPTIONS"] }),
      ["/DefaultCacheBehavior/AllowedMethods/-"],
    ],
    ["policies that are empty", of({ OriginRequestPolicyId: "", ResponseHeadersPolicyId: "" }), of({}), []],
    [
      "a policy that nobody declares",
      of({}),
      of({ ResponseHeadersPolicyId: "p" }),
      ["/DefaultCacheBehavior/ResponseHeadersPolicyId"],
    ],
    ["times beside a cache policy", of({}), of({ MinTTL: 0, DefaultTTL: 1, MaxTTL: 2 }), []],
    [
      "times by default",
      { DefaultCacheBehavior: forwarding() },
      { DefaultCacheBehavior: forwarding({ MinTTL: 0, DefaultTTL: 86400, MaxTTL: 31536000 }) },
      [],
    ],
    [
      "a time",
      { DefaultCacheBehavior: forwarding() },
      { DefaultCacheBehavior: forwarding({ DefaultTTL: 60 }) },
      ["/DefaultCacheBehavior/DefaultTTL"],
    ],
    [
      "what an origin has by default",
      {},
      {
        Origins: [
          { ...app, ConnectionAttempts: 3, ConnectionTimeout: 10, OriginPath: "", OriginShield: { Enabled: false } },
        ],
      },
      [],
    ],
    ["the attempts", {}, { Origins: [{ ...app, ConnectionAttempts: 1 }] }, ["/Origins/app/ConnectionAttempts"]],
    [
      "the region of a shield that is off",
      shield({ Enabled: false, OriginShieldRegion: "us-east-1" }),
      shield({ Enabled: false }),
      [],
    ],
    [
      "a shield",
      {},
      shield({ Enabled: true, OriginShieldRegion: "us-east-1" }),
      ["/Origins/app/OriginShield/Enabled", "/Origins/app/OriginShield/OriginShieldRegion"],
    ],
    ["an origin access control that is empty", { Origins: [{ ...app, OriginAccessControlId: "" }] }, {}, []],
    [
      "what CloudFront's own certificate brings",
      {},
      { ViewerCertificate: { ...own, SslSupportMethod: "vip", MinimumProtocolVersion: "TLSv1" } },
      [],
    ],
    ["a certificate that is not named", { ViewerCertificate: {} }, { ViewerCertificate: own }, []],
    [
      "cookies that do not count",
      {
        DefaultCacheBehavior: forwarding({
          ForwardedValues: { QueryString: true, Cookies: { Forward: "all", WhitelistedNames: ["a"] } },
        }),
      },
      { DefaultCacheBehavior: forwarding({ ForwardedValues: { QueryString: true, Cookies: { Forward: "all" } } }) },
      [],
    ],
    ["a web ACL that nobody declares", {}, { WebACLId: "arn:acl" }, ["/WebACLId"]],
    ["logs that nobody declares", {}, { Logging: { Bucket: "logs" } }, ["/Logging"]],
    ["no restriction", {}, { Restrictions: { GeoRestriction: { RestrictionType: "none" } } }, []],
    ["the HTTP version of CloudFront's choice", {}, { HttpVersion: "http1.1", IPV6Enabled: true }, []],
    ["the price class", {}, { PriceClass: "PriceClass_100" }, ["/PriceClass"]],
    [
      "behaviours in another order",
      {
        CacheBehaviors: [
          { ...behavior, PathPattern: "/a" },
          { ...behavior, PathPattern: "/b" },
        ],
      },
      {
        CacheBehaviors: [
          { ...behavior, PathPattern: "/b" },
          { ...behavior, PathPattern: "/a" },
        ],
      },
      ["/CacheBehaviors/0/PathPattern", "/CacheBehaviors/1/PathPattern"],
    ],
  ])("%s", (_, declared, live, expected) => {
    const found = differences(
      Distribution,
      { DistributionConfig: config(declared) },
      { DistributionConfig: config(live) },
    );
    expect(found.map((path) => path.replace("/DistributionConfig", ""))).toEqual(expected);
  });
});

describe("a distribution that CloudFront would refuse is refused before", () => {
  const group = (...names: string[]) => ({
    Id: "both",
    FailoverCriteria: { StatusCodes: { Quantity: 1, Items: [500] } },
    Members: { Quantity: 2, Items: names.map((OriginId) => ({ OriginId })) },
  });

  it.each<[string, object, string, RegExp]>([
    [
      "an unknown origin",
      { DefaultCacheBehavior: { ...behavior, TargetOriginId: "api" } },
      "DefaultCacheBehavior.TargetOriginId",
      /no origin "api"/,
    ],
    [
      "an unknown origin of a path",
      { CacheBehaviors: [{ ...behavior, PathPattern: "/a", TargetOriginId: "api" }] },
      "CacheBehaviors.0.TargetOriginId",
      /no origin "api"/,
    ],
    [
      "an unknown origin of a group",
      { OriginGroups: { Quantity: 1, Items: [group("app", "api")] } },
      "OriginGroups.Items.0.Members.Items.1.OriginId",
      /no origin "api"/,
    ],
    [
      "no rule for the cache",
      { DefaultCacheBehavior: { TargetOriginId: "app", ViewerProtocolPolicy: "https-only" } },
      "DefaultCacheBehavior",
      /CachePolicyId or ForwardedValues/,
    ],
    [
      "two rules for the cache",
      { DefaultCacheBehavior: { ...forwarding(), CachePolicyId: "p" } },
      "DefaultCacheBehavior",
      /cannot have ForwardedValues/,
    ],
    ["an origin of no kind", { Origins: [{ Id: "app", DomainName: "a.example.com" }] }, "Origins.0", /exactly one of/],
    ["an origin of two kinds", { Origins: [{ ...app, S3OriginConfig: {} }] }, "Origins.0", /exactly one of/],
    ["a wrong quantity", { OriginGroups: { Quantity: 2, Items: [] } }, "OriginGroups", /Quantity/],
  ])("%s", (_, rest, path, message) => {
    const { error } = Distribution.properties.safeParse({ DistributionConfig: config(rest) });
    const found = error?.issues.map((issue) => [issue.path.slice(1).join("."), issue.message]);
    expect(found).toEqual([[path, expect.stringMatching(message)]]);
  });

  it("and nothing is said of origins whose names are not known yet", () => {
    const unknown = { ...app, Id: "\u0000unknown\u0000" };
    const { error } = Distribution.properties.safeParse({ DistributionConfig: config({ Origins: [unknown] }) });
    expect(error).toBeUndefined();
  });
});

describe("what is worth a warning", () => {
  const place = { file: "app.yaml", line: 1, column: 1 };
  const name = "com.amazonaws.global.cloudfront.origin-facing";
  const opening = (port: number) => ({
    Type: "AWS::EC2::SecurityGroup",
    Properties: {
      GroupDescription: "for CloudFront",
      SecurityGroupIngress: [{ IpProtocol: "tcp", FromPort: port, ToPort: port, SourcePrefixListId: { Ref: "Edges" } }],
    },
  });
  const warnings = (rest: object, others: object = {}) => {
    const Site = { Type: "AWS::CloudFront::Distribution", Properties: { DistributionConfig: config(rest) } };
    const stack = stackOf({ Site, ...others }, { template: { Parameters: { Edges: { Type: "String" } } } });
    const Edges = { kind: "input", request: { kind: "prefix-list", name, place }, place } as const;
    const stacks = [{ ...stack, parameters: new Map([["Edges", Edges]]) }];
    const diagnostics = validateStacks(
      { stacks, diagnostics: [] },
      { registry: createRegistry(types), environment: {} },
    );
    const own = diagnostics.filter(({ code }) => code.startsWith("distribution."));
    return own.map((each) => `${each.severity} ${each.code} ${each.message}`);
  };
  const secure = { Origins: [{ ...app, CustomOriginConfig: { OriginProtocolPolicy: "https-only" } }] };

  it.each<[string, object, object, string[]]>([
    ["nothing", secure, { Https: opening(443) }, []],
    [
      "a health check as the root",
      { ...secure, DefaultRootObject: "health" },
      {},
      ["warning distribution.root-is-health-check Visitors of / get health, which looks like a health check."],
    ],
    ["a page as the root", { ...secure, DefaultRootObject: "index.html" }, {}, []],
    [
      "an origin without encryption",
      {},
      {},
      ['warning distribution.plain-origin CloudFront speaks to the origin "app" without encryption.'],
    ],
    [
      "a port at which no origin listens",
      secure,
      { Http: opening(80), Https: opening(443) },
      [
        "warning distribution.unused-opening Http opens port 80 to CloudFront, but no origin of this stack is reached there (443).",
      ],
    ],
  ])("%s", (_, rest, others, expected) => {
    expect(warnings(rest, others)).toEqual(expected);
  });
});

it("is waited for until it is deployed, but not for ever", async () => {
  const { aws } = await fakeAws(() => ({ body: "<Distribution><Status>InProgress</Status></Distribution>" }));
  const live = { identifier: "E1", properties: {}, attributes: {}, tags: {} };

  await expect(Distribution.handlers.settled?.(aws, live)).rejects.toMatchObject({
    diagnostics: [{ code: "distribution.still-deploying" }],
  });
});
