"""Reads the events of the flash sale with Confluent's Python client and prints one JSON line for each.

It reads from the beginning up to where each topic ends when it starts, joins nobody's group and commits nothing.
Values are Confluent-framed Avro: the deserializer asks the registry for the writer's schema once per schema id.
"""

import argparse
import json
import sys
from datetime import datetime, timezone

from confluent_kafka import Consumer, KafkaException, TopicPartition
from confluent_kafka.schema_registry import SchemaRegistryClient
from confluent_kafka.schema_registry.avro import AvroDeserializer
from confluent_kafka.serialization import MessageField, SerializationContext

TOPICS = ["order-requests", "order-outcomes", "stock-adjustments", "saga-epochs"]
TIMEOUT_S = 10
SILENCE_MAX_S = 30


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--brokers", default="127.0.0.1:9092")
    parser.add_argument("--registry", default="http://127.0.0.1:8081")
    parser.add_argument("topics", nargs="*", default=TOPICS)
    return parser.parse_args()


def ends(consumer, topics):
    """The next offset of every partition that holds anything, by (topic, partition)."""
    found = {}
    for topic in topics:
        metadata = consumer.list_topics(topic, timeout=TIMEOUT_S).topics[topic]
        if metadata.error is not None:
            raise KafkaException(metadata.error)
        for partition in metadata.partitions:
            low, high = consumer.get_watermark_offsets(TopicPartition(topic, partition), timeout=TIMEOUT_S)
            if high > low:
                found[(topic, partition)] = (low, high)
    return found


def to_json(value):
    """fastavro turns timestamp-millis into a datetime; events are compared in milliseconds since 1970."""
    if isinstance(value, datetime):
        return round((value - datetime(1970, 1, 1, tzinfo=timezone.utc)).total_seconds() * 1000)
    raise TypeError(f"{type(value).__name__} is not JSON")


def line_of(message, deserialize):
    headers = {name: value.decode("utf-8") for name, value in message.headers() or [] if value is not None}
    key = message.key()
    return {
        "topic": message.topic(),
        "partition": message.partition(),
        "offset": message.offset(),
        "key": None if key is None else key.decode("utf-8"),
        # CloudEvents, binary mode: ce_type is the full name of the Avro record.
        "type": headers.get("ce_type"),
        "id": headers.get("ce_id"),
        "correlation_id": headers.get("ce_correlationid"),
        "event": deserialize(message.value(), SerializationContext(message.topic(), MessageField.VALUE)),
    }


def main():
    arguments = parse_arguments()
    deserialize = AvroDeserializer(SchemaRegistryClient({"url": arguments.registry}))
    consumer = Consumer(
        {
            "bootstrap.servers": arguments.brokers,
            "group.id": "python-example",  # the client wants a name; nothing is joined or committed
            "enable.auto.commit": False,
        }
    )
    unreadable = 0
    try:
        left = ends(consumer, arguments.topics)
        consumer.assign([TopicPartition(topic, partition, low) for (topic, partition), (low, _) in left.items()])
        while left:
            message = consumer.poll(SILENCE_MAX_S)
            if message is None:
                raise SystemExit(f"nothing came for {SILENCE_MAX_S} s; still to read: {left}")
            if message.error():
                raise KafkaException(message.error())
            try:
                print(json.dumps(line_of(message, deserialize), default=to_json))
            except Exception as error:  # whatever the bytes are, the next record may be fine
                unreadable += 1
                place = f"{message.topic()}:{message.partition()}:{message.offset()}"
                print(f"{place} cannot be read: {error}", file=sys.stderr)
            if message.offset() + 1 >= left[(message.topic(), message.partition())][1]:
                del left[(message.topic(), message.partition())]
                consumer.incremental_unassign([TopicPartition(message.topic(), message.partition())])
    finally:
        consumer.close()
    return 1 if unreadable else 0


if __name__ == "__main__":
    sys.exit(main())
