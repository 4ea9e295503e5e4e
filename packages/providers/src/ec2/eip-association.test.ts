import { describeOnSandbox } from "../testing/sandbox-world.ts";
import { EIPAssociation } from "./eip-association.ts";

const instance = {
  Type: "AWS::EC2::Instance",
  Properties: { ImageId: "ami-0c7217cde4661b399", InstanceType: "t3.nano" },
};

describeOnSandbox(EIPAssociation, {
  prerequisites: { Address: { Type: "AWS::EC2::EIP" }, Web: instance, Other: instance },
  example: { AllocationId: { "Fn::GetAtt": ["Address", "AllocationId"] }, InstanceId: { Ref: "Web" } },
  mutations: [],
  replacements: { InstanceId: { Ref: "Other" } },
  budget: 13,
});
