/** A stack that needs nothing and of which everything can be seen: an outside value that is secret, a name that others use, a firewall. */
export const secret = "correct horse+battery/staple";

export const webStack = {
  "desired-state/web.yaml": `template-file-path: web/template.yaml
region: us-east-1
parameters:
  DatabaseUrl: { env: TEST_DATABASE_URL }
`,
  "desired-state/web/template.yaml": `Parameters:
  DatabaseUrl: { Type: String, NoEcho: true }
Resources:
  Images:
    Type: AWS::ECR::Repository
    Properties:
      RepositoryName: web
  Database:
    Type: AWS::SSM::Parameter
    Properties:
      Name: /web/database-url
      Type: SecureString
      Value: !Ref DatabaseUrl
  Image:
    Type: AWS::SSM::Parameter
    Properties:
      Name: /web/image
      Type: String
      Value: !GetAtt Images.RepositoryUri
  Firewall:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupName: web
      GroupDescription: the web service
      SecurityGroupIngress:
        - { IpProtocol: tcp, FromPort: 443, ToPort: 443, CidrIp: 0.0.0.0/0 }
Outputs:
  ImageUri: { Value: !GetAtt Images.RepositoryUri }
  DatabaseUrl: { Value: !Ref DatabaseUrl }
`,
} as const;
