using Booking.Web.Verbs;

return await CommandLine.RunAsync(args);

/// <summary>The program: one binary for pages, background work and the verbs beside them.</summary>
public partial class Program;
