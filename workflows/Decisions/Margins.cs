namespace Refresh.Workflows.Decisions;

/// <summary>Room that deadlines leave for what surrounds a wait.</summary>
internal static class Margins
{
    /// <summary>How long one look at a pair may take, with all its questions: 30 seconds.</summary>
    public static readonly TimeSpan Look = TimeSpan.FromSeconds(30);

    /// <summary>The deadline of a watch that ends at an instant: the last look may come late.</summary>
    public static DateTimeOffset After(DateTimeOffset until) => until + Look;
}
