namespace Refresh.Orchestrator.Serving.Api;

/// <summary>Why a request was refused: a stable code for programs, and the HTTP status that goes with it. The table in docs/api.md is held equal to this one.</summary>
/// <param name="Code">The code.</param>
/// <param name="Status">The HTTP status.</param>
/// <param name="Title">What it means.</param>
internal sealed record ProblemCode(string Code, int Status, string Title)
{
    public static readonly ProblemCode InvalidRequest = new("invalid-request", 400, "The request cannot be understood.");
    public static readonly ProblemCode KeyMissing = new("idempotency-key-missing", 400, "A POST needs an Idempotency-Key.");
    public static readonly ProblemCode CursorInvalid = new("cursor-invalid", 400, "The cursor was not given out by this service.");
    public static readonly ProblemCode SignatureInvalid = new("signature-invalid", 401, "The signature is missing or not made with the webhook's key.");
    public static readonly ProblemCode DeliveryLate = new("delivery-late", 401, "The delivery was signed more than five minutes ago, or ahead.");
    public static readonly ProblemCode TokenMissing = new("token-missing", 401, "There is no token.");
    public static readonly ProblemCode TokenInvalid = new("token-invalid", 401, "The token is unknown, was revoked or has ended.");
    public static readonly ProblemCode RoleMissing = new("role-missing", 403, "The token's roles do not permit this.");
    public static readonly ProblemCode FourEyes = new("four-eyes", 403, "Who starts a run of this fleet may not approve it.");
    public static readonly ProblemCode ImageNotPermitted = new("image-not-permitted", 403, "The image policy names others who decide about images.");
    public static readonly ProblemCode NotFound = new("not-found", 404, "There is nothing at this address.");
    public static readonly ProblemCode NoSuchFleet = new("no-such-fleet", 404, "There is no such fleet, or it may not be seen.");
    public static readonly ProblemCode NoSuchRun = new("no-such-run", 404, "There is no such run, or it may not be seen.");
    public static readonly ProblemCode NoSuchPair = new("no-such-pair", 404, "The fleet or run has no such pair.");
    public static readonly ProblemCode NoSuchMember = new("no-such-member", 404, "The fleet or run has no such member.");
    public static readonly ProblemCode NoSuchImage = new("no-such-image", 404, "The fleet's catalogue has no such image.");
    public static readonly ProblemCode NoSuchOrder = new("no-such-order", 404, "There is no such order, or it may not be seen.");
    public static readonly ProblemCode MethodNotAllowed = new("method-not-allowed", 405, "This address does not take this method.");
    public static readonly ProblemCode FleetHasRun = new("fleet-has-run", 409, "The fleet has an unfinished run.");
    public static readonly ProblemCode FleetHeld = new("fleet-held", 409, "Another worker holds the fleet.");
    public static readonly ProblemCode MemberClaimed = new("member-claimed", 409, "A run of another fleet claims a member.");
    public static readonly ProblemCode KeyInFlight = new("idempotency-key-in-flight", 409, "A request with this Idempotency-Key is not answered yet.");
    public static readonly ProblemCode DeliveryReplayed = new("delivery-replayed", 409, "This delivery came before.");
    public static readonly ProblemCode RequestRefused = new("request-refused", 409, "The run is in a state that does not permit this.");
    public static readonly ProblemCode ImageRefused = new("image-refused", 409, "The image or scan report is not as it must be.");
    public static readonly ProblemCode OrderEnded = new("order-ended", 409, "The order waits no more.");
    public static readonly ProblemCode PlanObstacles = new("plan-obstacles", 409, "Something stands in the way of a run.");
    public static readonly ProblemCode BodyTooLarge = new("body-too-large", 413, "The body is larger than this service takes.");
    public static readonly ProblemCode NotJson = new("not-json", 415, "The body must be application/json in UTF-8.");
    public static readonly ProblemCode NotMultipart = new("not-multipart", 415, "The body must be multipart/form-data.");
    public static readonly ProblemCode KeyReused = new("idempotency-key-reused", 422, "This Idempotency-Key was used for another request.");
    public static readonly ProblemCode RateLimited = new("rate-limited", 429, "Too many requests.");
    public static readonly ProblemCode TooManyStreams = new("too-many-streams", 429, "Too many event streams are open.");
    public static readonly ProblemCode Defect = new("defect", 500, "A defect of Refresh.");
    public static readonly ProblemCode AdapterFailed = new("adapter-failed", 502, "Something that the fleet depends on cannot be used.");
    public static readonly ProblemCode JournalUnavailable = new("journal-unavailable", 503, "The journal cannot be read or written.");
    public static readonly ProblemCode Stopping = new("stopping", 503, "The service is stopping.");

    /// <summary>All of them, by status and code.</summary>
    public static IReadOnlyList<ProblemCode> All { get; } =
    [
        .. typeof(ProblemCode).GetFields(System.Reflection.BindingFlags.Public | System.Reflection.BindingFlags.Static)
            .Select(field => field.GetValue(null)).OfType<ProblemCode>()
            .OrderBy(code => code.Status).ThenBy(code => code.Code, StringComparer.Ordinal),
    ];
}
