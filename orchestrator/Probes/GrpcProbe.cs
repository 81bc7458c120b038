using Grpc.Core;
using Grpc.Health.V1;
using Grpc.Net.Client;
using Refresh.Orchestrator.Settings;
using Refresh.Workflows.Fleets;

namespace Refresh.Orchestrator.Probes;

/// <summary>Asks the standard gRPC health service; only <c>SERVING</c> is healthy.</summary>
internal sealed class GrpcProbe(GrpcProbeSettings settings, TimeProvider time) : TimedProbe(settings.Timeout, time)
{
    private readonly Connections connections = new(settings.Tls, settings.TlsCa, settings.TlsSkipVerify, time);

    protected override string Question(Member member) =>
        $"gRPC health {Url(member).GetLeftPart(UriPartial.Authority)}{(settings.Service.Length > 0 ? $" '{settings.Service}'" : "")}";

    protected override async Task<Verdict> AskAsync(Member member, CancellationToken cancellation)
    {
        using var channel = GrpcChannel.ForAddress(Url(member), new GrpcChannelOptions
        {
            HttpHandler = settings.Host is { } host ? new Named(host, connections.Open()) : connections.Open(),
            DisposeHttpClient = true,
            MaxReceiveMessageSize = BoundedBody.MaxBytes,
            ThrowOperationCanceledOnCancellation = true,
        });
        try
        {
            var request = new HealthCheckRequest { Service = settings.Service };
            var answer = await new Health.HealthClient(channel).CheckAsync(request, cancellationToken: cancellation);
            var serving = answer.Status == HealthCheckResponse.Types.ServingStatus.Serving;
            return new Verdict(serving, serving ? "SERVING" : $"{Name(answer.Status)}, expected SERVING");
        }
        catch (RpcException exception) when (exception.StatusCode == StatusCode.NotFound)
        {
            return new Verdict(false, "the server does not know this service");
        }
        catch (RpcException exception) when (exception.StatusCode == StatusCode.Unimplemented)
        {
            return new Verdict(false, "the server has no grpc.health.v1.Health service");
        }
    }

    private Uri Url(Member member) => connections.Url(member, settings.Port, string.Empty);

    /// <summary>Calls a member by another name than its address: the authority of the call, and the server name of TLS.</summary>
    private sealed class Named(string host, HttpMessageHandler inner) : DelegatingHandler(inner)
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            request.Headers.Host = host;
            return base.SendAsync(request, cancellationToken);
        }
    }

    private static string Name(HealthCheckResponse.Types.ServingStatus status) => status switch
    {
        HealthCheckResponse.Types.ServingStatus.NotServing => "NOT_SERVING",
        HealthCheckResponse.Types.ServingStatus.ServiceUnknown => "SERVICE_UNKNOWN",
        _ => "UNKNOWN",
    };
}
