using Refresh.Workflows.Reasons;

namespace Refresh.Orchestrator.Serving.Api;

/// <summary>A request is refused, with a code of the table in docs/api.md.</summary>
internal sealed class Problem : Exception
{
    private Problem(ProblemCode code, string detail)
        : base(detail) => Code = code;

    /// <summary>Which.</summary>
    public ProblemCode Code { get; }

    /// <summary>What stands in the way, where there is more to say.</summary>
    public IReadOnlyList<Reason> Reasons { get; init; } = [];

    /// <summary>The run that it is about.</summary>
    public string? Run { get; init; }

    public static Problem Of(ProblemCode code, string detail, string? run = null, params IReadOnlyList<Reason> reasons) => new(code, detail) { Run = run, Reasons = reasons };

    public static Problem NoSuchFleet(string fleet) => Of(ProblemCode.NoSuchFleet, $"There is no fleet {Shown(fleet)} here that this token may see. GET /v1/fleets lists those that there are.");

    public static Problem NoSuchRun(string run) => Of(ProblemCode.NoSuchRun, $"There is no run {Shown(run)} here that this token may see. GET /v1/runs lists those that there are.");

    /// <summary>What a stranger wrote, as an answer or a log may show it.</summary>
    public static string Shown(string text, int most = 80)
    {
        var shown = new string([.. text.Take(most).Select(each => char.IsControl(each) ? '\uFFFD' : each)]);
        return shown.Length < text.Length ? shown + "…" : shown;
    }
}
