SELECT
{ts 'soon'}