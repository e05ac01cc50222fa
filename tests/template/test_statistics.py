"""Statistics of the gateway after SAM's transform: delivered, counted once, kept three months."""

from __future__ import annotations

import pytest

from cce.gateway.statistics.access_log import KIND
from cce.store.statistics import STAY
from policies import resolver
from templates import hub, resources, text_of

FUNCTION = resources(hub(), "AWS::Lambda::Function")["StatisticsFunction"]


@pytest.mark.row("160", how="native")
def test_the_access_log_is_delivered_to_the_function_and_nobody_else_calls_it() -> None:
    subscription = resources(hub(), "AWS::Logs::SubscriptionFilter")["GatewayLogToStatistics"]
    permission = resources(hub(), "AWS::Lambda::Permission")["LogsMayCallStatistics"]

    assert {"Ref": "GatewayLog"} == subscription["LogGroupName"]
    assert "StatisticsFunction" in text_of(subscription["DestinationArn"])
    assert f"{{ $.{KIND} = * }}" == subscription["FilterPattern"]  # whatever our lines have there
    assert "logs.amazonaws.com" == permission["Principal"]
    assert "log-group:${GatewayLog}:*" in text_of(permission["SourceArn"])


def test_a_batch_that_cannot_be_counted_waits_where_somebody_is_told() -> None:
    (config,) = [
        config
        for config in resources(hub(), "AWS::Lambda::EventInvokeConfig").values()
        if "StatisticsFunction" in text_of(config["FunctionName"])
    ]
    alarm = resources(hub(), "AWS::CloudWatch::Alarm")["StatisticsDlqAlarm"]

    assert 2 == config["MaximumRetryAttempts"]
    assert "StatisticsDlq" in text_of(config["DestinationConfig"]["OnFailure"])
    assert "StatisticsDlq" in text_of(alarm["Dimensions"])


@pytest.mark.row("161", how="native")
def test_the_table_forgets_and_the_log_is_kept_as_long_as_is_set() -> None:
    table = resources(hub(), "AWS::DynamoDB::Table")["StatisticsTable"]

    assert {"AttributeName": "expires_at", "Enabled": True} == table["TimeToLiveSpecification"]
    assert 90 < STAY.days < 100
    assert {"Ref": "LogRetentionDays"} == resources(hub(), "AWS::Logs::LogGroup")["GatewayLog"][
        "RetentionInDays"
    ]


@pytest.mark.row("162", how="native")
def test_the_zone_of_days_is_one_setting_of_who_counts_and_who_answers() -> None:
    api = resources(hub(), "AWS::Lambda::Function")["ApiFunction"]
    zones = [f["Environment"]["Variables"]["STATISTICS_ZONE"] for f in (FUNCTION, api)]

    assert ["Asia/Seoul", "UTC"] == [
        resolver(hub(), given).resolve({"Ref": "StatisticsTimezone"})
        for given in ({}, {"StatisticsTimezone": "UTC"})
    ]
    assert 2 == sum("StatisticsTimezone" in text_of(zone) for zone in zones)


def test_the_function_adds_to_its_table_and_does_nothing_else() -> None:
    role = resources(hub(), "AWS::IAM::Role")["StatisticsFunctionRole"]
    policies = resolver(hub(), {"ApiKey": "k" * 20}).resolve(role["Policies"])
    statements = [s for p in policies for s in p["PolicyDocument"]["Statement"]]
    data = [(s["Action"], s["Resource"]) for s in statements if "dynamodb" in text_of(s["Action"])]

    assert 1 == len(data)
    assert ["dynamodb:PutItem", "dynamodb:UpdateItem"] == data[0][0]
    assert str(data[0][1]).endswith(":table/cce-fleet-StatisticsTable-EXAMPLE")
