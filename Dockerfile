# syntax=docker/dockerfile:1
# The same binary for every role: docker run booking serve --role web|worker|all, migrate, import DIR.

FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
# Full is what the product is made for; --build-arg STACK=Lean builds with fewer packages (docs/adr/0002-two-stacks.md).
ARG STACK=Full
WORKDIR /source
# The projects first: as long as no package changes, the restored layer is reused.
COPY global.json Directory.Build.props Directory.Packages.props BannedSymbols.txt .editorconfig ./
COPY src/Booking.Data/Booking.Data.csproj src/Booking.Data/packages*.lock.json src/Booking.Data/
COPY src/Booking.Jobs/Booking.Jobs.csproj src/Booking.Jobs/packages*.lock.json src/Booking.Jobs/
COPY src/Booking.Web/Booking.Web.csproj src/Booking.Web/packages*.lock.json src/Booking.Web/
RUN dotnet restore src/Booking.Web -p:Stack=$STACK
COPY db db
COPY src src
RUN dotnet publish src/Booking.Web -c Release -p:Stack=$STACK --no-restore -o /app

FROM mcr.microsoft.com/dotnet/aspnet:10.0
WORKDIR /app
COPY --from=build /app .
# Without a mail server, mails are written here; PostgreSQL is another container's work.
ENV BOOKING_DATA=/data
RUN mkdir /data && chown $APP_UID /data
USER $APP_UID
EXPOSE 8080
# The image has neither curl nor wget: bash asks.
HEALTHCHECK --interval=15s --timeout=6s --start-period=60s CMD ["bash", "-c", \
    "exec 3<>/dev/tcp/127.0.0.1/8080 && printf 'GET /healthz/ready HTTP/1.0\\r\\nHost: localhost\\r\\n\\r\\n' >&3 && head -n 1 <&3 | grep -q ' 200 '"]
ENTRYPOINT ["./Booking.Web"]
CMD ["serve"]
