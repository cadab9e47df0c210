import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsEmail, IsOptional, Matches, MaxLength, ValidateIf } from 'class-validator';
import { NAME_MESSAGE, NAME_TEXT } from '../text-limits.js';
import { IsMetadata } from './is-metadata.js';

export class ChangeCustomerDto {
  @ApiPropertyOptional({ type: String, nullable: true })
  @IsOptional()
  @Matches(NAME_TEXT, { message: NAME_MESSAGE })
  name?: string | null;

  @ApiPropertyOptional({ type: String, nullable: true })
  @IsOptional()
  @MaxLength(254)
  @IsEmail()
  email?: string | null;

  @ApiPropertyOptional({
    type: Object,
    description: 'Up to 50 strings, numbers and booleans. Replaced as a whole.',
  })
  @ValidateIf((_, value) => value !== undefined)
  @IsMetadata()
  metadata?: Record<string, string | number | boolean>;

  @ApiPropertyOptional({ type: String, nullable: true })
  @IsOptional()
  @Matches(/^cus_\w{1,64}$/, {
    message: '$property must be the id of a customer at Stripe: cus_...',
  })
  stripe_customer_id?: string | null;
}

export class CreateCustomerDto extends ChangeCustomerDto {
  @ApiPropertyOptional({ description: 'As events name the customer. Made when not given.' })
  @IsOptional()
  @Matches(NAME_TEXT, { message: NAME_MESSAGE })
  id?: string;
}

export class CustomerDto {
  @ApiProperty()
  id!: string;

  @ApiProperty({ type: String, nullable: true })
  name!: string | null;

  @ApiProperty({ type: String, nullable: true })
  email!: string | null;

  @ApiProperty({ type: Object })
  metadata!: Record<string, unknown>;

  @ApiProperty({ type: String, nullable: true })
  stripe_customer_id!: string | null;

  @ApiProperty()
  created_at!: string;
}
