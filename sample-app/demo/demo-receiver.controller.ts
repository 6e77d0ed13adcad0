import {
  Body,
  Controller,
  Delete,
  Get,
  HttpCode,
  Inject,
  Param,
  Post,
  Put,
  Query,
  Req,
  Res,
  type RawBodyRequest,
} from '@nestjs/common';
import type { Request, Response } from 'express';
import type { Arrival, Failing } from './arrival.js';
import { ArrivalsQueryDto, FailDto, GiveSecretDto, ReceiverNameDto } from './demo-receiver.dto.js';
import { DemoReceiverService } from './demo-receiver.service.js';
import { DemoSecretsService } from './demo-secrets.service.js';

interface ReceiverState {
  readonly name: string;
  readonly names: readonly string[];
  readonly secret: 'given' | 'looked up' | 'none';
  readonly failing: Failing;
  readonly arrivals: readonly Arrival[];
}

/** Only with DEMO=1. It requires no key, because webhooks bring none. */
@Controller('demo/receiver/:name')
export class DemoReceiverController {
  constructor(
    @Inject(DemoReceiverService) private readonly receiver: DemoReceiverService,
    @Inject(DemoSecretsService) private readonly secrets: DemoSecretsService,
  ) {}

  @Post()
  async receive(
    @Param() { name }: ReceiverNameDto,
    @Req() request: RawBodyRequest<Request>,
    @Res({ passthrough: true }) response: Response,
  ): Promise<{ received: true } | { error: string }> {
    const rawBody = request.rawBody ?? Buffer.alloc(0);
    const status = await this.receiver.receive(name, { headers: request.headers, rawBody });
    response.status(status);
    return status === 200 ? { received: true } : { error: 'The demo receiver was told to fail.' };
  }

  @Get('arrivals')
  async arrivals(
    @Param() { name }: ReceiverNameDto,
    @Query() { after }: ArrivalsQueryDto,
  ): Promise<ReceiverState> {
    return {
      name,
      names: this.receiver.names(),
      secret: await this.secretState(name),
      failing: this.receiver.failing(name),
      arrivals: this.receiver.arrivals(name, after),
    };
  }

  @Post('fail')
  @HttpCode(200)
  fail(@Param() { name }: ReceiverNameDto, @Body() { times = 0, seconds }: FailDto): Failing {
    this.receiver.fail(name, { times, until: seconds === undefined ? 0 : Date.now() + seconds * 1_000 });
    return this.receiver.failing(name);
  }

  @Delete('fail')
  @HttpCode(204)
  recover(@Param() { name }: ReceiverNameDto): void {
    this.receiver.fail(name, { times: 0, until: 0 });
  }

  @Put('secret')
  @HttpCode(204)
  giveSecret(@Param() { name }: ReceiverNameDto, @Body() { secret }: GiveSecretDto): void {
    this.secrets.give(name, secret);
  }

  @Delete('secret')
  @HttpCode(204)
  forgetSecret(@Param() { name }: ReceiverNameDto): void {
    this.secrets.give(name, undefined);
  }

  private async secretState(name: string): Promise<ReceiverState['secret']> {
    if (this.secrets.isGiven(name)) return 'given';
    return (await this.secrets.of(name)).length > 0 ? 'looked up' : 'none';
  }
}
