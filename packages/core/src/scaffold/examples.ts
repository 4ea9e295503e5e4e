/** What a first template may be: it costs nothing or next to nothing, and is as somebody would write it. */
interface Example {
  /** One line, for whoever chooses. */
  what: string;
  /** Of the stack file. */
  parameters: string;
  template(stack: string): string;
}

const parameter: Example = {
  what: "one value in Parameter Store",
  parameters: "\nparameters:\n  Greeting: Hello\n",
  template: (stack) => `AWSTemplateFormatVersion: "2010-09-09"
Description: The first resource of ${stack}

Parameters:
  Greeting: { Type: String }

Resources:
  GreetingParameter:
    Type: AWS::SSM::Parameter
    Properties:
      Name: /${stack}/greeting
      Type: String
      Value: !Ref Greeting

Outputs:
  ParameterName: { Value: !Ref GreetingParameter }
`,
};

const images: Example = {
  what: "a repository for container images",
  parameters: "",
  template: (stack) => `AWSTemplateFormatVersion: "2010-09-09"
Description: The container images of ${stack}

Resources:
  Images:
    Type: AWS::ECR::Repository
    Properties:
      # Without RepositoryName a name is made from the stack's.
      ImageTagMutability: IMMUTABLE
      ImageScanningConfiguration: { ScanOnPush: true }
      LifecyclePolicy:
        LifecyclePolicyText: |
          {
            "rules": [
              {
                "rulePriority": 1,
                "description": "Keep the last 10 images",
                "selection": { "tagStatus": "any", "countType": "imageCountMoreThan", "countNumber": 10 },
                "action": { "type": "expire" }
              }
            ]
          }

Outputs:
  ImageUri: { Value: !GetAtt Images.RepositoryUri }
`,
};

export const examples = { parameter, images } as const satisfies Record<string, Example>;
