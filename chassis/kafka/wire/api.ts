import { errorCodes } from 'kafkajs/src/protocol/error';

/**
 * The requests that kafkajs encodes for us, with what they take and what comes back. Error codes are left in the
 * answers: what an error means depends on who asked.
 */
export interface KafkaApi {
  readonly Metadata: {
    readonly args: { readonly topics: readonly string[]; readonly allowAutoTopicCreation: false };
    readonly answer: {
      readonly brokers: readonly { readonly nodeId: number; readonly host: string; readonly port: number }[];
      readonly controllerId: number;
      readonly topicMetadata: readonly {
        readonly topicErrorCode: number;
        readonly topic: string;
        readonly partitionMetadata: readonly { readonly partitionId: number; readonly leader: number }[];
      }[];
    };
  };
  readonly GroupCoordinator: {
    readonly args: { readonly groupId: string };
    readonly answer: {
      readonly errorCode: number;
      readonly coordinator: { readonly nodeId: number; readonly host: string; readonly port: number };
    };
  };
  readonly JoinGroup: {
    readonly args: {
      readonly groupId: string;
      readonly sessionTimeout: number;
      readonly rebalanceTimeout: number;
      readonly memberId: string;
      readonly protocolType: 'consumer';
      readonly groupProtocols: readonly { readonly name: string; readonly metadata: Buffer }[];
    };
    readonly answer: {
      readonly errorCode: number;
      readonly generationId: number;
      readonly leaderId: string;
      readonly memberId: string;
      readonly members: readonly { readonly memberId: string; readonly memberMetadata: Buffer }[];
    };
  };
  readonly SyncGroup: {
    readonly args: {
      readonly groupId: string;
      readonly generationId: number;
      readonly memberId: string;
      readonly groupAssignment: readonly { readonly memberId: string; readonly memberAssignment: Buffer }[];
    };
    readonly answer: { readonly errorCode: number; readonly memberAssignment: Buffer };
  };
  readonly Heartbeat: {
    readonly args: {
      readonly groupId: string;
      readonly groupGenerationId: number;
      readonly memberId: string;
    };
    readonly answer: { readonly errorCode: number };
  };
  readonly LeaveGroup: {
    readonly args: { readonly groupId: string; readonly memberId: string };
    readonly answer: { readonly errorCode: number };
  };
  readonly OffsetCommit: {
    readonly args: {
      readonly groupId: string;
      readonly groupGenerationId: number;
      readonly memberId: string;
      readonly topics: readonly TopicPartitions<{ readonly offset: number }>[];
    };
    readonly answer: { readonly responses: readonly TopicPartitions<{ readonly errorCode: number }>[] };
  };
  readonly OffsetFetch: {
    readonly args: { readonly groupId: string; readonly topics: readonly TopicPartitions[] };
    readonly answer: {
      readonly errorCode: number;
      readonly responses: readonly TopicPartitions<{ readonly offset: string; readonly errorCode: number }>[];
    };
  };
  readonly ListOffsets: {
    readonly args: {
      readonly isolationLevel: 0;
      readonly topics: readonly TopicPartitions<{ readonly timestamp: number }>[];
    };
    readonly answer: {
      readonly responses: readonly TopicPartitions<{ readonly offset: string; readonly errorCode: number }>[];
    };
  };
  readonly CreateTopics: {
    readonly args: {
      readonly topics: readonly {
        readonly topic: string;
        readonly numPartitions: number;
        readonly replicationFactor: number;
        readonly configEntries: readonly { readonly name: string; readonly value: string }[];
      }[];
      readonly validateOnly: false;
      readonly timeout: number;
    };
    readonly answer: {
      readonly topicErrors: readonly {
        readonly topic: string;
        readonly errorCode: number;
        readonly errorMessage: string | null;
      }[];
    };
  };
  readonly CreateAcls: {
    readonly args: {
      readonly creations: readonly {
        readonly resourceType: number;
        readonly resourceName: string;
        readonly resourcePatternType: number;
        readonly principal: string;
        readonly host: string;
        readonly operation: number;
        readonly permissionType: number;
      }[];
    };
    readonly answer: {
      readonly creationResponses: readonly {
        readonly errorCode: number;
        readonly errorMessage: string | null;
      }[];
    };
  };
  readonly DescribeConfigs: {
    readonly args: {
      readonly resources: readonly {
        readonly type: 2;
        readonly name: string;
        readonly configNames: readonly string[];
      }[];
      readonly includeSynonyms: false;
    };
    readonly answer: {
      readonly resources: readonly {
        readonly errorCode: number;
        readonly resourceName: string;
        readonly configEntries: readonly {
          readonly configName: string;
          readonly configValue: string | null;
        }[];
      }[];
    };
  };
}

export interface TopicPartitions<Detail = unknown> {
  readonly topic: string;
  readonly partitions: readonly ({ readonly partition: number } & Detail)[];
}

/** Error codes that something here decides upon; the names are Kafka's. */
export const kafkaError = {
  none: 0,
  offsetOutOfRange: 1,
  corruptMessage: 2,
  unknownTopicOrPartition: 3,
  leaderNotAvailable: 5,
  notLeaderOrFollower: 6,
  requestTimedOut: 7,
  messageTooLarge: 10,
  invalidTopic: 17,
  recordListTooLarge: 18,
  notEnoughReplicas: 19,
  notEnoughReplicasAfterAppend: 20,
  illegalGeneration: 22,
  unknownMemberId: 25,
  rebalanceInProgress: 27,
  topicAuthorizationFailed: 29,
  groupAuthorizationFailed: 30,
  clusterAuthorizationFailed: 31,
  invalidTimestamp: 32,
  topicAlreadyExists: 36,
  policyViolation: 44,
  memberIdRequired: 79,
  invalidRecord: 87,
} as const;

/** `NOT_LEADER_FOR_PARTITION (6)`: for messages, not for decisions. */
export const kafkaErrorText = (code: number): string => {
  const known = errorCodes.find((error) => error.code === code);
  return known ? `${known.type} (${code}): ${known.message}` : `error code ${code}`;
};
