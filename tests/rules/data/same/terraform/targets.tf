resource "aws_cloudwatch_event_target" "queue" {
  rule           = aws_cloudwatch_event_rule.big.name
  event_bus_name = aws_cloudwatch_event_bus.orders.name
  target_id      = "queue"
  arn            = "arn:aws:sqs:eu-west-1:123456789012:q"

  input_transformer {
    input_paths    = { id = "$.detail.id", total = "$.detail.total" }
    input_template = "{\"id\": <id>, \"text\": \"order <id> is worth <total>\"}"
  }
  retry_policy {
    maximum_retry_attempts       = 3
    maximum_event_age_in_seconds = 600
  }
  dead_letter_config {
    arn = "arn:aws:sqs:eu-west-1:123456789012:dlq"
  }
}
