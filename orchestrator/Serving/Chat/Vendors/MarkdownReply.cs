using Refresh.Orchestrator.Notifications;

namespace Refresh.Orchestrator.Serving.Chat.Vendors;

/// <summary>A reply where Markdown is read: with the code, because there is no button.</summary>
internal static class MarkdownReply
{
    public static string Write(ChatReply reply, string newLine)
    {
        return Markdown.Escape(reply.WithCode).Replace("\n", newLine, StringComparison.Ordinal);
    }
}
