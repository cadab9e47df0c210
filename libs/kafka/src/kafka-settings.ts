import { IsArray, IsString } from 'class-validator';

/** Where the brokers are: `KAFKA_...` of a process that keeps this as `kafka`. */
export class KafkaSettings {
  /** `host:port`, comma-separated. */
  @IsArray()
  @IsString({ each: true })
  brokers: string[] = ['127.0.0.1:4092'];
}

/** The brokers, and the group as which a process reads from them. */
export class KafkaConsumerSettings extends KafkaSettings {
  @IsString()
  groupId: string;

  constructor(groupId: string) {
    super();
    this.groupId = groupId;
  }
}
