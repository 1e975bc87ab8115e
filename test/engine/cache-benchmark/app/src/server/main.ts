import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import express from 'express';
import { z } from 'zod';

const Order = z.object({ id: z.string(), lines: z.array(z.object({ item: z.string(), count: z.number() })) });
const client = new DynamoDBClient({});
express()
  .get('/healthz', (_request, response) => void response.send('ok'))
  .post('/orders', express.json(), (request, response) => void response.json(Order.parse(request.body)))
  .get('/tables', async (_request, response) => void response.json(await client.send(new ListTablesCommand({}))))
  .listen(8080);
