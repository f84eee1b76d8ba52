using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace AIChat.Infrastructure.Persistence.Sqlite.Migrations
{
    /// <inheritdoc />
    internal sealed partial class Corrections : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "DriftFrom",
                table: "topics",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<float>(
                name: "LinkMargin",
                table: "messages",
                type: "REAL",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "corrections",
                columns: table => new
                {
                    Id = table.Column<string>(type: "TEXT", nullable: false),
                    RoomId = table.Column<string>(type: "TEXT", nullable: false),
                    Number = table.Column<long>(type: "INTEGER", nullable: false),
                    Kind = table.Column<int>(type: "INTEGER", nullable: false),
                    By = table.Column<string>(type: "TEXT", nullable: false),
                    Nickname = table.Column<string>(type: "TEXT", nullable: false),
                    CreatedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    TopicId = table.Column<string>(type: "TEXT", nullable: false),
                    Name = table.Column<string>(type: "TEXT", nullable: true),
                    Former = table.Column<string>(type: "TEXT", nullable: false),
                    Filings = table.Column<string>(type: "TEXT", nullable: false),
                    UndoneAt = table.Column<long>(type: "INTEGER", nullable: true),
                    UndoneBy = table.Column<string>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_corrections", x => x.Id);
                });

            migrationBuilder.CreateIndex(
                name: "IX_corrections_RoomId_Number",
                table: "corrections",
                columns: new[] { "RoomId", "Number" },
                unique: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "corrections");

            migrationBuilder.DropColumn(
                name: "DriftFrom",
                table: "topics");

            migrationBuilder.DropColumn(
                name: "LinkMargin",
                table: "messages");
        }
    }
}
