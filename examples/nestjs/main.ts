// NestJS, on Express: nest start, or tsc and node --env-file=.env main.js
import 'reflect-metadata';
import type { ServerResponse } from 'node:http';
import type { RawBodyRequest } from '@nestjs/common';
import { BadRequestException, Body, Controller, HttpCode, Inject, Module, Post, Req, Res } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { Request } from 'express';
import type { Client, Notification, PresignParams } from 'wechatpay-presign';
import { configFromEnv, createClient, sendResponse } from 'wechatpay-presign';
import { memoryStore } from 'wechatpay-presign/stores';

type Order = Pick<PresignParams, 'out_contract_code' | 'contract_display_account' | 'prepay_id' | 'openid'>;

const { WECHATPAY_APPID: appid = '', WECHATPAY_NOTIFY_URL: notify_url = '', PORT = 3000 } = process.env;
const service_id = Number(process.env['WECHATPAY_SERVICE_ID']);

const WECHAT_PAY = {
  provide: 'WECHAT_PAY',
  useFactory: () =>
    createClient({
      ...configFromEnv(process.env),
      // For one process. Several processes need a shared store, such as redisStore(redis).
      notifications: { store: memoryStore(), onError: (error) => console.error(error) },
    }),
};

@Controller()
class PaymentController {
  constructor(@Inject('WECHAT_PAY') private readonly client: Client) {}

  @Post('presign')
  @HttpCode(200)
  async presign(@Body() order: Order | undefined) {
    if (typeof order?.prepay_id !== 'string') throw new BadRequestException('the order is not JSON with a prepay_id');
    const offered = await this.isOffered(order);
    // The user's client passes these to wx.requestPayment, with or without an offer.
    const payment = await this.client.paymentParams({ appId: appid, prepay_id: order.prepay_id }, 'jsapi');
    return { offered, payment };
  }

  @Post('notification')
  async notification(@Req() { headers, rawBody }: RawBodyRequest<Request>, @Res() response: ServerResponse) {
    await sendResponse(
      response,
      await this.client.notifications.handle({ headers, body: rawBody ?? null }, onNotification),
    );
  }

  /** Reports whether the user can be offered the contract. If anything fails, the payment goes on without it. */
  private async isOffered({ out_contract_code, contract_display_account, prepay_id, openid }: Order) {
    try {
      const params = { appid, service_id, notify_url, out_contract_code, contract_display_account, prepay_id, openid };
      await this.client.presign(params, { timeoutMs: 1000, retries: 0 });
      return true;
    } catch (error) {
      console.error(error);
      return false;
    }
  }
}

/** Called after the user has signed or paid. If it throws, WeChat Pay sends the notification again. */
async function onNotification({ id, event_type }: Notification): Promise<void> {
  console.log(id, event_type);
}

@Module({ controllers: [PaymentController], providers: [WECHAT_PAY] })
class AppModule {}

// rawBody: WeChat Pay signs the body as it was sent.
const app = await NestFactory.create(AppModule, { rawBody: true });
await app.listen(PORT);
console.log(await app.getUrl());
