exports.pattern = { EventPattern: { source: ["shop.orders"] } };
