using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Refresh.Workflows.Ports;

namespace Refresh.Orchestrator.Notifications;

/// <summary>Posts to a receiver: bounded in time and in what is read, following no redirect, and never throwing when it fails.</summary>
/// <param name="clock">The only clock.</param>
/// <param name="patience">How long an attempt may take; 20 seconds unless told otherwise.</param>
public sealed class NoticeHttp(TimeProvider clock, TimeSpan? patience = null) : IDisposable
{
    private const int MostRead = 64 * 1024;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan s_longestWait = TimeSpan.FromHours(2);
    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, PooledConnectionLifetime = TimeSpan.FromMinutes(5) }) { Timeout = Timeout.InfiniteTimeSpan, MaxResponseContentBufferSize = MostRead };

    /// <summary>How documents are written: as receivers read them, not as a page would have to hold them.</summary>
    internal static JsonSerializerOptions Json { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The clock.</summary>
    public TimeProvider Clock => clock;

    /// <summary>Sends a document.</summary>
    /// <param name="method">The method.</param>
    /// <param name="address">The receiver.</param>
    /// <param name="body">The document.</param>
    /// <param name="bearer">The token; null for none.</param>
    /// <param name="cancellation">Ends the attempt.</param>
    /// <returns>What came of it, and what the receiver answered.</returns>
    public Task<(NoticeReceipt Receipt, string Body)> SendAsync(HttpMethod method, Uri address, JsonNode body, string? bearer, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(body);
        return SendAsync(
            () =>
            {
                var request = new HttpRequestMessage(method, address) { Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body.ToJsonString(Json))) };
                request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json", "utf-8");
                if (bearer is not null)
                    request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", bearer);
                return request;
            },
            cancellation);
    }

    /// <summary>Sends a request.</summary>
    /// <param name="make">Makes it.</param>
    /// <param name="cancellation">Ends the attempt.</param>
    /// <returns>What came of it, and what the receiver answered.</returns>
    public async Task<(NoticeReceipt Receipt, string Body)> SendAsync(Func<HttpRequestMessage> make, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(make);
        var within = patience ?? s_patience;
        using var timer = new CancellationTokenSource(within, clock);
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(cancellation, timer.Token);
        using var request = make();
        try
        {
            using var response = await _http.SendAsync(request, bound.Token);
            var body = await response.Content.ReadAsStringAsync(bound.Token);
            return (Receipt(response), body);
        }
        catch (HttpRequestException failure)
        {
            return (new NoticeReceipt(NoticeFate.Failed, $"{request.RequestUri!.Host} cannot be asked: {failure.Message}"), string.Empty);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return (new NoticeReceipt(NoticeFate.Failed, string.Create(CultureInfo.InvariantCulture, $"{request.RequestUri!.Host} did not answer in {within.TotalSeconds:0} seconds")), string.Empty);
        }
    }

    /// <inheritdoc />
    public void Dispose() => _http.Dispose();

    private NoticeReceipt Receipt(HttpResponseMessage response)
    {
        var detail = string.Create(CultureInfo.InvariantCulture, $"{response.RequestMessage!.RequestUri!.Host} answered {(int)response.StatusCode}");
        return (int)response.StatusCode switch
        {
            >= 200 and < 300 => new NoticeReceipt(NoticeFate.Sent, detail),
            410 => new NoticeReceipt(NoticeFate.Unwanted, detail),
            _ => new NoticeReceipt(NoticeFate.Failed, detail) { RetryAfter = After(response.Headers.RetryAfter) },
        };
    }

    private TimeSpan? After(RetryConditionHeaderValue? told)
    {
        var wait = told?.Delta ?? (told?.Date is { } date ? date - clock.GetUtcNow() : null);
        return wait is not { } known ? null : known < TimeSpan.Zero ? TimeSpan.Zero : known > s_longestWait ? s_longestWait : known;
    }
}
