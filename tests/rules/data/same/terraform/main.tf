resource "aws_cloudwatch_event_bus" "orders" {
  name = local.bus
}

resource "aws_cloudwatch_event_rule" "big" {
  name           = "big-${local.bus}"
  description    = "large orders"
  event_bus_name = aws_cloudwatch_event_bus.orders.name
  event_pattern = jsonencode({
    source        = ["shop.orders"]
    "detail-type" = [{ prefix = var.prefix }]
    detail = {
      total = [{ numeric = [">=", 100, "<", var.limit] }]
      "$or" = [
        { country = ["NL"] },
        { vip = [true] },
      ]
    }
  })
}
