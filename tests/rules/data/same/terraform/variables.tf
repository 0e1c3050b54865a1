variable "prefix" {
  type    = string
  default = "Order "
}

variable "limit" {
  type    = number
  default = 5000
}

locals {
  bus = "orders"
}
