/**
 * Does the work of a notification exactly once: the notification's id is recorded in the same transaction as the work, so
 * either both are committed or neither is. A second delivery waits for the first transaction to end, and then finds the id.
 *
 * The work must go through `database`. Effects outside the database, such as an e-mail, are not rolled back.
 *
 *     const response = await client.notifications.handle(request, (notification) =>
 *       exactlyOnce(pool, notification, (database) => database.query('INSERT INTO contracts …')),
 *     );
 *
 * @param {import('pg').Pool} pool
 * @param {{ id: string }} notification
 * @param {(database: import('pg').PoolClient) => Promise<unknown>} work
 */
export async function exactlyOnce(pool, { id }, work) {
  const database = await pool.connect();
  let isCommitted = false;
  try {
    await database.query('BEGIN');
    const { rowCount } = await database.query(
      'INSERT INTO handled_notifications (id) VALUES ($1) ON CONFLICT (id) DO NOTHING',
      [id],
    );
    if (rowCount === 1) await work(database);
    await database.query('COMMIT');
    isCommitted = true;
  } finally {
    // After an error, the connection is closed, and PostgreSQL rolls back.
    database.release(!isCommitted);
  }
}
