# The image of any one service: docker build --build-arg SERVICE=order .
# SERVICE is a folder under services/. One file for all of them, since they differ in nothing but
# their packages, and pnpm knows which those are.
ARG NODE=24.21.0-bookworm-slim

FROM node:${NODE} AS packages
RUN npm install --global pnpm@12.21.0
WORKDIR /app
# First what changes seldom: with the same lockfile, nothing is fetched again.
COPY pnpm-lock.yaml pnpm-workspace.yaml ./
RUN pnpm fetch --prod && rm -rf node_modules
COPY . .
ARG SERVICE
# pnpm knows the service's own packages: their folders, and what they depend on in production.
RUN pnpm install --offline --frozen-lockfile --prod --no-optional \
    --filter "@indoubt/${SERVICE}..." && \
  mkdir /out && \
  cp -a package.json node_modules /out && \
  pnpm --filter "@indoubt/${SERVICE}..." exec sh -c \
    'to=/out/${PWD#/app/} && mkdir -p "$to" && cp -a . "$to"'
# Nothing at run time reads types, source maps or change logs: a third of all bytes.
RUN find /out/node_modules/.pnpm -type f \( -name '*.d.ts' -o -name '*.d.[cm]ts' -o -name '*.map' \
  -o -iname 'changelog*' \) -delete && \
  mkdir /migrations && \
  tar -cf - libs/patterns/*/migrations services/*/migrations | tar -xf - -C /migrations

FROM node:${NODE} AS service
ENV NODE_ENV=production HOST=0.0.0.0 PORT=8080
# Where card-processor keeps its books; a volume mounted there is given to the same user.
RUN install --directory --owner=node --group=node /data
WORKDIR /app
COPY --from=packages /out ./
ARG SERVICE
WORKDIR /app/services/${SERVICE}
USER node
# Ready, not only alive: database, broker and whatever else it needs answer.
HEALTHCHECK --interval=5s --timeout=3s --start-period=30s --retries=3 CMD [ \
  "node", "-e", "fetch('http://127.0.0.1:' + process.env.PORT + '/readyz').then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))" ]
# kafkajs subtracts times that may be negative; Node warns of each (tulios/kafkajs#1751).
CMD ["node", "--disable-warning=TimeoutNegativeWarning", "src/main.ts"]

# What makes tables, goods and topics, once: it alone sees everybody's migrations.
FROM service AS set-up
COPY --from=packages /migrations /app
HEALTHCHECK NONE
