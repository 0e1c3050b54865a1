#!/usr/bin/env python3
"""Writes the sample events, one per line: usage `generate_events.py [COUNT] [SEED]`.

The shapes are those that AWS documents for each service; names, accounts and addresses are made up (addresses
come from the ranges reserved for documentation). Equal arguments give equal bytes on every machine.
Each rule of this folder is hit on purpose and missed narrowly: a wrong case, a bound, a neighbouring value.
"""
import json
import random
import sys
from datetime import datetime, timedelta

COUNT = int(sys.argv[1]) if len(sys.argv) > 1 else 12_000
SEED = int(sys.argv[2]) if len(sys.argv) > 2 else 20261122
RANDOM = random.Random(SEED)
START = datetime(2026, 11, 2, 6, 0, 0)

ACCOUNTS = ["123456789012", "123456789012", "123456789012", "210987654321", "012345678901"]
REGIONS = ["eu-west-1", "eu-west-1", "eu-west-1", "eu-central-1", "us-east-1"]


def hexadecimal(length):
    return "%0*x" % (length, RANDOM.getrandbits(4 * length))


def uuid():
    text = hexadecimal(32)
    return "-".join((text[:8], text[8:12], "4" + text[13:16], "a" + text[17:20], text[20:]))


pick = RANDOM.choice
INSTANCES = ["i-0" + hexadecimal(16) for _ in range(60)]
VOLUMES = ["vol-0" + hexadecimal(16) for _ in range(30)]
KEYS = [uuid() for _ in range(20)]
PEOPLE = ["ada", "bela", "chidi", "dana", "emre", "fatima"]
ROLES = ["deploy-web-role", "deploy-orders-role", "admin", "support", "deploy-role"]
ADDRESSES = ["203.0.113.7", "203.0.113.200", "198.51.100.23", "192.0.2.44", "203.0.112.9", "198.51.101.1"]
ADDRESSES_V6 = ["2001:db8:bad::7", "2001:db8:bad:1::1", "2001:db8:bae::1", "2001:DB8:BAD:0:0:0:0:9"]
SERVICES = ["web", "orders", "search", "mail"]


def chance(share):
    return RANDOM.random() < share


def number(low, high, digits=2):
    return round(RANDOM.uniform(low, high), digits)


def envelope(source, detail_type, detail, resources=()):
    account = pick(ACCOUNTS)
    region = pick(REGIONS)
    fill = lambda arn: arn.replace("REGION", region).replace("ACCOUNT", account)
    return {
        "version": "0",
        "id": uuid(),
        "detail-type": detail_type,
        "source": source,
        "account": account,
        "time": None,
        "region": region,
        "resources": [fill(arn) for arn in resources],
        "detail": detail,
    }


def ec2():
    instance = pick(INSTANCES)
    arn = "arn:aws:ec2:REGION:ACCOUNT:instance/" + instance
    kind = RANDOM.randrange(10)
    if kind < 6:
        state = pick(["pending", "running", "running", "stopping", "stopped", "shutting-down", "terminated", "Stopped"])
        return envelope("aws.ec2", "EC2 Instance State-change Notification",
                        {"instance-id": instance, "state": state}, [arn])
    if kind < 8:
        action = pick(["terminate", "stop", "hibernate"])
        return envelope("aws.ec2", "EC2 Spot Instance Interruption Warning",
                        {"instance-id": instance, "instance-action": action}, [arn])
    volume = "arn:aws:ec2:REGION:ACCOUNT:volume/" + pick(VOLUMES)
    result = pick(["available", "failed", "failed", "deleted"])
    detail = {"result": result, "cause": "", "event": pick(["createVolume", "attachVolume", "deleteVolume"]),
              "request-id": uuid()}
    if result == "failed":
        detail["cause"] = pick(["arn:aws:kms:eu-west-1:123456789012:key/%s is disabled." % pick(KEYS), ""])
        if chance(0.3):
            del detail["cause"]
    detail_type = pick(["EBS Volume Notification", "EBS Snapshot Notification", "EBS Fast Snapshot Restore"])
    return envelope("aws.ec2", detail_type, detail, [volume])


def autoscaling():
    group = pick(["web", "orders", "batch"])
    detail_type = pick(["EC2 Instance Launch Successful", "EC2 Instance Terminate Successful",
                        "EC2 Instance-launch Lifecycle Action"])
    detail = {"Description": "Launching a new EC2 instance", "Origin": "EC2", "Destination": "AutoScalingGroup",
              "StatusCode": "InProgress", "AutoScalingGroupName": group, "ActivityId": uuid(),
              "EC2InstanceId": pick(INSTANCES),
              "Details": {"Availability Zone": "eu-west-1" + pick("abc"), "Subnet ID": "subnet-" + hexadecimal(8)}}
    return envelope("aws.autoscaling", detail_type, detail,
                    ["arn:aws:autoscaling:REGION:ACCOUNT:autoScalingGroup:%s:autoScalingGroupName/%s" % (pick(KEYS), group)])


def ecs():
    cluster = pick(["shop", "shop", "shop", "tools"])
    service = pick(SERVICES)
    if chance(0.3):
        failed = chance(0.5)
        event_name = pick(["SERVICE_DEPLOYMENT_FAILED", "SERVICE_TASK_START_FAILED"]) if failed else pick(
            ["SERVICE_DEPLOYMENT_COMPLETED", "SERVICE_DEPLOYMENT_IN_PROGRESS"])
        detail = {"eventType": "ERROR" if failed and chance(0.9) else "INFO", "eventName": event_name,
                  "deploymentId": "ecs-svc/" + str(RANDOM.randrange(10**12)),
                  "updatedAt": "2026-11-02T06:00:00Z", "reason": "ECS deployment circuit breaker: task failed to start."}
        return envelope("aws.ecs", "ECS Deployment State Change", detail,
                        ["arn:aws:ecs:REGION:ACCOUNT:service/%s/%s" % (cluster, service)])
    status = pick(["PROVISIONING", "PENDING", "RUNNING", "STOPPED", "STOPPED", "STOPPED"])
    task = "arn:aws:ecs:eu-west-1:123456789012:task/%s/%s" % (cluster, hexadecimal(32))
    containers = []
    for name in [service, "proxy"][:RANDOM.randrange(1, 3)]:
        container = {"containerArn": task.replace(":task/", ":container/") + "/" + name, "lastStatus": status, "name": name,
                     "image": "123456789012.dkr.ecr.eu-west-1.amazonaws.com/%s:2.%d" % (name, RANDOM.randrange(9)),
                     "taskArn": task, "networkInterfaces": [], "cpu": "256", "memory": "512"}
        if status == "STOPPED":
            container["exitCode"] = pick([0, 0, 1, 137, 139])
            # The one that failed is not always the one that stopped.
            if container["exitCode"] and chance(0.2):
                container["lastStatus"] = "RUNNING"
        containers.append(container)
    detail = {"clusterArn": "arn:aws:ecs:eu-west-1:123456789012:cluster/" + cluster, "taskArn": task,
              "group": "service:" + service, "launchType": "FARGATE", "lastStatus": status, "desiredStatus": "STOPPED",
              "containers": containers, "cpu": "256", "memory": "512", "availabilityZone": "eu-west-1" + pick("abc"),
              "taskDefinitionArn": "arn:aws:ecs:eu-west-1:123456789012:task-definition/%s:%d" % (service, RANDOM.randrange(1, 90)),
              "version": RANDOM.randrange(1, 7)}
    if status == "STOPPED":
        detail["stopCode"], detail["stoppedReason"] = pick([
            ("EssentialContainerExited", "Essential container in task exited"),
            ("ServiceSchedulerInitiated", "Scaling activity initiated by (deployment ecs-svc/8165483092837465123)"),
            ("TaskFailedToStart", "ResourceInitializationError: unable to pull secrets"),
        ])
    return envelope("aws.ecs", "ECS Task State Change", detail, [task])


def s3():
    bucket = pick(["shop-data-lake", "shop-data-lake", "shop-images-prod", "shop-images-dev", "shop-image-cache", "shop-data-lake-dev"])
    if bucket.startswith("shop-data"):
        key = pick(["incoming/%s/year=2026/part-%04d.parquet", "incoming/%s/month=11/part-%04d.parquet",
                    "incoming/manual/%s-%04d.csv", "curated/%s/%04d.parquet", "incoming/%s/year=2026/part-%04d.parquet.tmp",
                    "upload/%s-%04d.partial"])
    else:
        key = pick(["products/%s-%04d.jpg", "products/%s-%04d.JPG", "products/%s-%04d.Png", "products/%s-%04d.gif", "%s/%04d.jpeg"])
    key = key % (pick(SERVICES), RANDOM.randrange(10_000))
    detail = {"version": "0", "bucket": {"name": bucket},
              "object": {"key": key, "size": pick([0, 26214400, 26214401, RANDOM.randrange(1, 9_000_000)]),
                         "etag": hexadecimal(32), "sequencer": "00" + hexadecimal(16).upper()},
              "request-id": hexadecimal(16).upper(), "requester": pick(["123456789012", "123456789012", "s3.amazonaws.com"])}
    if chance(0.75):
        detail_type = "Object Created"
        detail["source-ip-address"] = pick(ADDRESSES)
        detail["reason"] = pick(["PutObject", "PutObject", "CompleteMultipartUpload", "CopyObject"])
    else:
        detail_type = "Object Deleted"
        del detail["object"]["size"]
        detail["reason"] = pick(["DeleteObject", "Lifecycle Expiration"])
        detail["deletion-type"] = pick(["Permanently Deleted", "Permanently Deleted", "Delete Marker Created"])
    return envelope("aws.s3", detail_type, detail, ["arn:aws:s3:::" + bucket])


def identity():
    kind = pick(["AssumedRole", "AssumedRole", "IAMUser", "Root"])
    account = "123456789012"
    person = pick(PEOPLE)
    if kind == "Root":
        who = {"type": "Root", "principalId": account, "arn": "arn:aws:iam::%s:root" % account, "accountId": account}
        if chance(0.3):
            who["invokedBy"] = "AWS Internal"
        return who
    if kind == "IAMUser":
        return {"type": "IAMUser", "principalId": "AIDA" + person.upper(), "arn": "arn:aws:iam::%s:user/%s" % (account, person),
                "accountId": account, "userName": person}
    role = pick(ROLES)
    return {"type": "AssumedRole", "principalId": "AROAEXAMPLE:" + person,
            "arn": "arn:aws:sts::%s:assumed-role/%s/%s" % (account, role, person), "accountId": account,
            "sessionContext": {"sessionIssuer": {"type": "Role", "principalId": "AROAEXAMPLE",
                                                 "arn": "arn:aws:iam::%s:role/%s" % (account, role),
                                                 "accountId": account, "userName": role},
                               "attributes": {"mfaAuthenticated": pick(["true", "false"]), "creationDate": "2026-11-02T05:58:00Z"}}}


def permission():
    low, high = pick([(22, 22), (3389, 3389), (80, 80), (443, 443), (8080, 8080), (1024, 1024), (0, 65535)])
    world, world_v6 = pick([(True, False), (False, True), (False, False)])
    return {"groups": {}, "ipProtocol": "tcp", "fromPort": low, "toPort": high, "prefixListIds": {},
            "ipRanges": {"items": [{"cidrIp": "0.0.0.0/0" if world else "10.0.0.0/8"}]},
            "ipv6Ranges": {"items": [{"cidrIpv6": "::/0"}]} if world_v6 else {}}


CALLS = [
    ("iam", "CreateUser"), ("iam", "DeleteRolePolicy"), ("iam", "PutRolePolicy"), ("iam", "AttachRolePolicy"), ("iam", "ListUsers"),
    ("iam", "GetRole"), ("ec2", "RunInstances"), ("ec2", "DescribeInstances"), ("ec2", "AuthorizeSecurityGroupIngress"),
    ("ec2", "AuthorizeSecurityGroupIngress"), ("kms", "ScheduleKeyDeletion"), ("kms", "ScheduleKeyDeletion"), ("kms", "DisableKey"),
    ("kms", "Decrypt"), ("cloudtrail", "StopLogging"), ("cloudtrail", "LookupEvents"), ("cloudtrail", "UpdateTrail"),
    ("s3", "PutBucketPolicy"), ("lambda", "UpdateFunctionCode20150331v2"), ("sts", "AssumeRole"),
]


def cloudtrail():
    if chance(0.15):
        return sign_in()
    service, name = pick(CALLS)
    detail = {"eventVersion": "1.09", "userIdentity": identity(), "eventTime": "2026-11-02T06:00:00Z",
              "eventSource": service + ".amazonaws.com", "eventName": name, "awsRegion": "eu-west-1",
              "sourceIPAddress": pick(ADDRESSES + ["cloudformation.amazonaws.com"]),
              "userAgent": pick(["console.amazonaws.com", "aws-cli/2.31.0", "Boto3/1.40.0", "cloudformation.amazonaws.com"]),
              "requestParameters": None, "responseElements": None, "requestID": uuid(), "eventID": uuid(),
              "readOnly": name.startswith(("List", "Get", "Describe", "Lookup", "Decrypt")),
              "eventType": "AwsApiCall", "managementEvent": chance(0.9), "recipientAccountId": "123456789012",
              "eventCategory": "Management"}
    if chance(0.05):
        detail["eventType"] = "AwsServiceEvent"
    if name == "AuthorizeSecurityGroupIngress":
        detail["requestParameters"] = {"groupId": "sg-0" + hexadecimal(16),
                                       "ipPermissions": {"items": [permission() for _ in range(RANDOM.randrange(1, 4))]}}
    elif name == "ScheduleKeyDeletion":
        detail["requestParameters"] = {"keyId": pick(KEYS), "pendingWindowInDays": pick([7, 29, 30, 30])}
    elif name == "DisableKey":
        detail["requestParameters"] = {"keyId": pick(KEYS)}
    if chance(0.25):
        detail["errorCode"] = pick(["AccessDenied", "Client.UnauthorizedOperation", "AccessDeniedException", "ThrottlingException",
                                    "UnauthorizedOperation", "accessdenied"])
        detail["errorMessage"] = "User is not authorized to perform: %s:%s" % (service, name)
    return envelope("aws." + service, "AWS API Call via CloudTrail", detail)


def sign_in():
    detail = {"eventVersion": "1.09", "userIdentity": identity(), "eventTime": "2026-11-02T06:00:00Z",
              "eventSource": "signin.amazonaws.com", "eventName": pick(["ConsoleLogin", "ConsoleLogin", "SwitchRole"]),
              "awsRegion": "eu-west-1", "sourceIPAddress": pick(ADDRESSES), "userAgent": "Mozilla/5.0",
              "requestParameters": None, "responseElements": {"ConsoleLogin": pick(["Success", "Success", "Failure"])},
              "additionalEventData": {"LoginTo": "https://console.aws.amazon.com/console/home", "MobileVersion": "No",
                                      "MFAUsed": pick(["Yes", "No", "No"])},
              "eventID": uuid(), "readOnly": False, "eventType": "AwsConsoleSignIn", "managementEvent": True,
              "recipientAccountId": "123456789012", "eventCategory": "Management"}
    return envelope("aws.signin", "AWS Console Sign In via CloudTrail", detail)


FINDINGS = ["CryptoCurrency:EC2/BitcoinTool.B!DNS", "Impact:EC2/BitcoinTool.B!DNS", "Recon:EC2/PortProbeUnprotectedPort",
            "UnauthorizedAccess:EC2/SSHBruteForce", "UnauthorizedAccess:IAMUser/ConsoleLoginSuccess.B",
            "CryptoCurrency:Runtime/BitcoinTool.B", "Backdoor:EC2/C&CActivity.B", "Policy:S3/BucketAnonymousAccessGranted"]


def guardduty():
    kind = pick(FINDINGS)
    remote = {"remoteIpDetails": {"ipAddressV4": pick(ADDRESSES), "country": {"countryName": "Nowhere"},
                                  "geoLocation": {"lat": number(-60, 60, 4), "lon": number(-180, 180, 4)}}}
    if "IAMUser" in kind or "S3" in kind:
        action = {"actionType": "AWS_API_CALL", "awsApiCallAction": {"api": "ConsoleLogin", "serviceName": "signin.amazonaws.com", **remote}}
        if chance(0.2):
            remote["remoteIpDetails"]["ipAddressV4"] = pick(ADDRESSES_V6)
    elif kind.endswith("DNS"):
        action = {"actionType": "DNS_REQUEST", "dnsRequestAction": {"domain": "pool.example.net", "protocol": "UDP", "blocked": False}}
    else:
        action = {"actionType": "NETWORK_CONNECTION",
                  "networkConnectionAction": {"connectionDirection": "INBOUND", "protocol": "TCP", "blocked": chance(0.2),
                                              "localPortDetails": {"port": 22, "portName": "SSH"}, **remote}}
    detail = {"schemaVersion": "2.0", "accountId": "123456789012", "region": "eu-west-1", "partition": "aws", "id": hexadecimal(32),
              "type": kind, "resource": {"resourceType": pick(["Instance", "Instance", "AccessKey"]),
                                         "instanceDetails": {"instanceId": pick(INSTANCES), "instanceType": "m7g.large"}},
              "service": {"serviceName": "guardduty", "detectorId": "0" * 31 + "1", "action": action,
                          "eventFirstSeen": "2026-11-02T05:00:00.000Z", "archived": chance(0.2), "count": RANDOM.randrange(1, 40)},
              "severity": pick([2, 5, 5.3, 6.9, 7, 8, 8.9]), "createdAt": "2026-11-02T05:30:00.000Z",
              "title": "Finding of type %s." % kind, "description": "An instance \"%s\" shows activity of type %s." % (pick(SERVICES), kind)}
    return envelope("aws.guardduty", pick(["GuardDuty Finding"] * 9 + ["GuardDuty Malware Protection Object Scan Result"]), detail)


def codepipeline():
    pipeline = pick(["shop-web", "shop-orders", "sandbox-ada"])
    detail = {"pipeline": pipeline, "execution-id": uuid(), "version": pick([1, 2, 7.0])}
    kind = RANDOM.randrange(3)
    if kind == 0:
        detail_type = "CodePipeline Pipeline Execution State Change"
        detail["state"] = pick(["STARTED", "SUCCEEDED", "FAILED", "FAILED", "SUPERSEDED"])
    elif kind == 1:
        detail_type = "CodePipeline Stage Execution State Change"
        detail["stage"] = pick(["Source", "Build", "Deploy", "DeployEU", "deploy", "Production", "PROD"])
        detail["state"] = pick(["STARTED", "SUCCEEDED", "SUCCEEDED", "FAILED"])
    else:
        detail_type = "CodePipeline Action Execution State Change"
        category = pick(["Approval", "Approval", "Deploy", "Build"])
        detail.update({"stage": pick(["Production", "production", "Staging"]), "action": category.lower(), "state": pick(["STARTED", "STARTED", "SUCCEEDED"]),
                       "type": {"owner": pick(["AWS", "AWS", "Custom"]), "category": category, "provider": "Manual", "version": "1"}})
    return envelope("aws.codepipeline", detail_type, detail, ["arn:aws:codepipeline:REGION:ACCOUNT:" + pipeline])


def codebuild():
    project = pick(["web", "orders"])
    detail = {"build-status": pick(["IN_PROGRESS", "SUCCEEDED", "FAILED", "FAULT", "STOPPED"]), "project-name": project,
              "build-id": "arn:aws:codebuild:eu-west-1:123456789012:build/%s:%s" % (project, uuid()), "current-phase": "COMPLETED",
              "additional-information": {"artifact": {"location": ""}, "environment": {"image": "aws/codebuild/standard:7.0", "type": "LINUX_CONTAINER"},
                                         "timeout-in-minutes": 60, "build-complete": True, "initiator": pick(["codepipeline/shop-" + project, pick(PEOPLE)])},
              "version": "1"}
    return envelope("aws.codebuild", "CodeBuild Build State Change", detail)


def states():
    machine = pick(["shop-payment-retry", "shop-import", "Shop-legacy", "lake-load"])
    name = pick(["nightly", uuid(), uuid() + "-test"])
    status = pick(["RUNNING", "SUCCEEDED", "SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED"])
    included = chance(0.7)
    arn = "arn:aws:states:eu-west-1:123456789012:execution:%s:%s" % (machine, name)
    detail = {"executionArn": arn, "stateMachineArn": "arn:aws:states:eu-west-1:123456789012:stateMachine:" + machine, "name": name,
              "status": status, "startDate": 1793599200000, "stopDate": None if status == "RUNNING" else 1793599260000,
              "input": json.dumps({"order": "A-%d" % RANDOM.randrange(1000), "slow": chance(0.5)}, separators=(",", ":")),
              "inputDetails": {"included": True}, "output": None, "outputDetails": None, "error": None, "cause": None}
    if status == "SUCCEEDED":
        detail["output"] = "{}" if included else None
        detail["outputDetails"] = {"included": included}
    elif status == "FAILED":
        detail["error"], detail["cause"] = "States.TaskFailed", "the provider said \"no\""
    return envelope("aws.states", "Step Functions Execution Status Change", detail, [arn])


def health():
    service = pick(["EC2", "S3", "ECS", "LAMBDA", "RDS", "ec2"])
    category = pick(["issue", "issue", "scheduledChange", "accountNotification"])
    code = "AWS_%s_%s" % (service.upper(), pick(["OPERATIONAL_ISSUE", "MAINTENANCE_SCHEDULED", "CERTIFICATE_ROTATION"]))
    detail = {"eventArn": "arn:aws:health:eu-west-1::event/%s/%s/%s" % (service, code, hexadecimal(12)), "service": service, "eventTypeCode": code,
              "eventTypeCategory": category, "eventScopeCode": pick(["PUBLIC", "ACCOUNT_SPECIFIC"]), "communicationId": hexadecimal(40),
              "startTime": "Mon, 2 Nov 2026 05:45:00 GMT", "lastUpdatedTime": "Mon, 2 Nov 2026 06:10:00 GMT",
              "statusCode": pick(["open", "open", "closed", "CLOSED", "upcoming"]), "eventRegion": "eu-west-1",
              "eventDescription": [{"language": "en_US", "latestDescription": "We are investigating increased \"error rates\".\nMore to come."}],
              "affectedEntities": [{"entityValue": pick(INSTANCES), "status": pick(["PENDING", "IMPAIRED", "RESOLVED"])}
                                   for _ in range(RANDOM.randrange(0, 3))],
              "page": "1", "totalPages": "1", "affectedAccount": "123456789012"}
    return envelope("aws.health", "AWS Health Event", detail)


def customer():
    name = pick(PEOPLE)
    return {"id": "c-%05d" % RANDOM.randrange(3000), "country": pick(["NL", "DE", "FR", "BE", "CH", "nl"]), "tier": RANDOM.randrange(1, 5),
            "email": "%s@%s" % (name, pick(["example.com", "EXAMPLE.COM", "example.org", "Example.Org", "example.net"])), "blocked": chance(0.04)}


def order_id():
    return "%s-%d-%d" % (pick("AAB"), RANDOM.randrange(2024, 2027), RANDOM.randrange(100, 9999))


def items():
    return [{"sku": "SKU-%05d" % RANDOM.randrange(500), "category": pick(["book", "toy", "book-digital", "garden"]), "quantity": RANDOM.randrange(1, 4),
             "price": number(1, 300)} for _ in range(RANDOM.randrange(1, 5))]


def orders():
    detail_type = pick(["Order Placed"] * 4 + ["Order Paid"] * 3 + ["Order Shipped", "Order Returned", "Order Cancelled", "Order Note", "order placed"])
    detail = {"orderId": order_id(), "stage": pick(["prod"] * 4 + ["dev"]), "customer": customer(),
              "actor": pick(["user:" + pick(PEOPLE), "system:checkout", "batch-export-nightly", "batch-export-hourly"])}
    if detail_type.lower() == "order placed":
        detail.update({"channel": pick(["web", "app", "marketplace"]), "currency": pick(["EUR", "eur", "USD"]), "items": items(),
                       "client": {"ip": pick(ADDRESSES + ADDRESSES_V6), "agent": pick(["web/4.1", "app/2.0"])},
                       "risk": {"score": pick([0.8, 1, 1.01, number(0, 0.8), number(0, 0.8), number(0.81, 1)])},
                       "shipping": {"method": pick(["express", "Express-Saturday", "standard", "pickup"]), "country": pick(["NL", "DE", "NO", "GB", "CH"])}})
        if chance(0.4):
            detail["gift"] = {"voucher": pick([None, "V-%04d" % RANDOM.randrange(99)])}
            if chance(0.7):
                detail["gift"]["message"] = pick(["Happy birthday!", "", "Für dich ❤"])
    elif detail_type == "Order Paid":
        detail["total"] = pick([999.99, 1000, 1000.0, number(10, 900), number(1000, 5000)])
    elif detail_type in ("Order Returned", "Order Cancelled"):
        detail["reason"] = pick(["damaged", "late", "Changed Mind", "TEST", "changed my mind"])
        detail["refund"] = pick([0, 500, number(1, 499), number(1, 499)])
        if chance(0.2):
            detail["batch"] = RANDOM.randrange(100)
    return envelope("shop.orders", detail_type, detail)


def payments():
    failed = chance(0.6)
    detail = {"orderId": order_id(), "amount": pick([0, number(5, 900), number(5, 900)]), "currency": "EUR",
              "provider": {"name": pick(["cards", "bank"]), "code": "ok"}}
    if failed:
        detail["attempt"] = RANDOM.randrange(1, 6)
        detail["provider"]["code"] = pick(["insufficient-funds", "timeout", "fraud-suspected", "stolen-card", "Fraud"])
    return envelope("shop.payments", "Payment Failed" if failed else "Payment Settled", detail)


def other():
    """Sources that no rule listens to."""
    if chance(0.5):
        detail = {"alarmName": "cpu-" + pick(SERVICES), "state": {"value": pick(["OK", "ALARM"]), "reason": "Threshold Crossed",
                                                                   "timestamp": "2026-11-02T06:00:00.000+0000"}}
        return envelope("aws.cloudwatch", "CloudWatch Alarm State Change", detail)
    return envelope("shop.catalog", "Product Changed", {"sku": "SKU-%05d" % RANDOM.randrange(500), "fields": ["price", "stock"]})


MIX = ((ec2, 8), (autoscaling, 3), (ecs, 9), (s3, 14), (cloudtrail, 16), (guardduty, 5), (codepipeline, 7), (codebuild, 3), (states, 7),
       (health, 4), (orders, 18), (payments, 4), (other, 2))


def main():
    makers = [maker for maker, weight in MIX for _ in range(weight)]
    now = START
    for _ in range(COUNT):
        event = pick(makers)()
        now += timedelta(seconds=RANDOM.randrange(0, 9))
        event["time"] = now.strftime("%Y-%m-%dT%H:%M:%SZ")
        print(json.dumps(event, separators=(",", ":"), ensure_ascii=False))


if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8", newline="\n")
    main()
